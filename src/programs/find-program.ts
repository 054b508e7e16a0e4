import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The path of a program of the system, or undefined. cron's PATH may lack the usual folders; an entry that is empty or not
 * absolute means the current directory, where nothing is run from.
 */
export function findProgram(name: string, path: string | undefined): string | undefined {
  const folders = [...(path ?? '').split(delimiter).filter(isAbsolute), '/usr/bin', '/bin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
