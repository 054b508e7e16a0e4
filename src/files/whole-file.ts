/** Small files that a run leaves: text that is there already, written whole or not at all, folders made on the way. */
import { dirname } from 'node:path';
import { AtomicFile, FileWriteError, tryPlace } from './atomic-file.ts';
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
