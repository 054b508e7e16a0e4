import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The path of a program of the system, or undefined; an absolute path stays what it is. cron's PATH may lack the usual folders; an entry that is empty or not
 * absolute means the current directory, where nothing is run from.
 */
export function findProgram(name: string, path: string | undefined): string | undefined {
  return places(name, path).find(isExecutable);
}

/** The path of a file that would be the program, if it could be run: what is missing is often `chmod +x`. */
export function findForbiddenProgram(name: string, path: string | undefined): string | undefined {
  return places(name, path).find((place) => isFile(place) && !isExecutable(place));
}

function places(name: string, path: string | undefined): string[] {
  if (isAbsolute(name)) return [name];
  const folders = [...(path ?? '').split(delimiter).filter(isAbsolute), '/usr/bin', '/bin'];
  return folders.map((folder) => join(folder, name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
