import { chmodSync, existsSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AtomicFile, FileWriteError } from '../files/atomic-file.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { OWN, type PlannedFile } from './files.ts';

/**
 * Writes all files, or none: each is whole beside its place before the first one gets its name.
 * @throws FileWriteError
 */
export async function writeFiles(files: readonly PlannedFile[]): Promise<void> {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  const missing = folders.filter((folder) => !existsSync(folder));
  const open: AtomicFile[] = [];
  try {
    for (const folder of missing) makeFolder(folder);
    for (const { path, content, mode, what } of files) {
      if (existsSync(path) && mode === OWN) makeOwn(path, what);
      const file = await AtomicFile.create(`The file (${what})`, path, { mode });
      open.push(file);
      await file.writeBytes(typeof content === 'string' ? Buffer.from(content) : content);
    }
    for (const file of open) await file.commit();
  } catch (error) {
    for (const file of open) await file.discard();
    for (const folder of missing.reverse()) removeEmpty(folder);
    throw error;
  }
}

/** A new one has the mode of the one that is there: nobody may read it for a moment. */
function makeOwn(path: string, what: string): void {
  try {
    chmodSync(path, OWN);
  } catch (error) {
    throw new FileWriteError(`The file (${what})`, path, error);
  }
}

function makeFolder(folder: string): void {
  try {
    makeDirectories(folder, 0o700);
  } catch (error) {
    throw new FileWriteError('The working directory', folder, error);
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has something in it, or was never made.
  }
}
