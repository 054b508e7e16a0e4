import { readFileSync } from 'node:fs';

/** Name and version as package.json has them; compiled files lie two folders below it (dist/src). */
export const { name: NAME, version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { name: string; version: string };
