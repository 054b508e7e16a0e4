import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from './system-reason.ts';

/**
 * Makes a directory and those of its parents that are missing. Node's own `recursive` never comes to an end where a
 * parent exists and the system says ENOENT all the same, as below /proc (observed, Node 20).
 * @throws the system's error
 */
export function makeDirectories(path: string, mode = 0o755): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const directory of missing) {
    try {
      mkdirSync(directory, { mode });
    } catch (error) {
      // Another process may have been faster.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
