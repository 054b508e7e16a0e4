/** Lines of -check and -test about what a run writes, and what it starts when it fails: nothing is made, nothing is run. */
import { existsSync } from 'node:fs';
import { type Check, checkOf } from './check.ts';
import { tryPlace } from './files/atomic-file.ts';
import { tryFileUnmade, tryFolderUnmade } from './files/whole-file.ts';
import type { Options } from './options.ts';
import { checkProgram } from './programs/check-program.ts';
import { StateFolderError } from './state/errors.ts';
import { tryStateFiles } from './state/state-directory.ts';

export async function* outputChecks(options: Options): AsyncGenerator<Check> {
  const { csvfile, logfile, summary, page, metrics, state, onfailure } = options;
  for (const [what, path, tried] of [
    ['CSV file', csvfile, tryPlace],
    ['log file', logfile, tryPlace],
    ['summary', summary, tryFileUnmade],
    ['page', page, tryFileUnmade],
    ['file of metrics', metrics, tryFileUnmade],
  ] as const) {
    if (path === undefined) continue;
    yield await checkOf(what, async () => {
      await tried(`The ${what}`, path);
      return `${path} can be written`;
    });
  }
  if (state !== undefined) yield await checkOf('state', () => checkState(state, csvfile !== undefined));
  if (onfailure) yield await checkOf('-onfailure', () => checkProgram('-onfailure', onfailure));
}

/** @throws StateFolderError */
async function checkState(path: string, onlyRead: boolean): Promise<string> {
  const isThere = existsSync(path);
  if (onlyRead && !isThere) return `${path} is not there yet: nothing was acknowledged`;
  const problem = onlyRead ? undefined : await tryFolderUnmade(path);
  if (problem !== undefined) throw new StateFolderError(path, new Error(problem));
  if (isThere) tryStateFiles(path);
  return `${path} can be ${onlyRead ? 'read' : 'written to'}`;
}
