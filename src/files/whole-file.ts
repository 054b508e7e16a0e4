/** Small files that a run leaves: text that is there already, written whole or not at all, folders made on the way. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AtomicFile, FileWriteError, tryFolder, tryPlace } from './atomic-file.ts';
import { makeDirectories } from './make-directories.ts';

/**
 * Makes the folder of a file, and sees whether the file could be written.
 * @param what names the file in errors, e.g. `The summary`
 * @throws FileWriteError
 */
export async function tryFile(what: string, path: string): Promise<void> {
  makeFolder(what, path);
  await tryPlace(what, path);
}

/**
 * As tryFile, but makes no folder: where one is missing, sees whether it could be made.
 * @param what as in tryFile
 * @throws FileWriteError
 */
export async function tryFileUnmade(what: string, path: string): Promise<void> {
  const folder = dirname(path);
  if (existsSync(folder)) return tryPlace(what, path);
  const problem = await tryFolderUnmade(folder);
  if (problem !== undefined) throw new FileWriteError(what, path, new Error(problem));
}

/** As tryFolder, of the nearest folder that is there. */
export function tryFolderUnmade(folder: string): Promise<string | undefined> {
  let nearest = resolve(folder);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  return tryFolder(nearest);
}

/**
 * Writes a file, whole or not at all.
 * @param what as in tryFile
 * @param mode of a new one; one that is there keeps its own
 * @throws FileWriteError
 */
export async function writeFile(what: string, path: string, text: string, mode?: number): Promise<void> {
  makeFolder(what, path);
  const file = await AtomicFile.create(what, path, { mode });
  await file.write(text);
  await file.commit();
}

function makeFolder(what: string, path: string): void {
  try {
    makeDirectories(dirname(path));
  } catch (error) {
    throw new FileWriteError(what, path, error);
  }
}
