import { spawnSync } from 'node:child_process';

/** Why a test that needs this program is skipped; false: it is here. */
export function missing(program: string, tellVersion = '--version'): string | false {
  return spawnSync(program, [tellVersion]).error !== undefined && `${program} is not installed here`;
}
