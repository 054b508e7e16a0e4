import { type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { shellWord } from '../text/shell-word.ts';

/**
 * A sentence for a WARNING when everybody on this host can read a file with secrets, with the chmod that mends it;
 * undefined when all is well, or the path leads to no regular file (its reader will say what is wrong). A group may read:
 * services are given their files that way.
 */
export function permissionWarning(path: string): string | undefined {
  const status = statusOf(path);
  if (!status?.isFile() || (status.mode & 0o004) === 0 || isSystemdCredential(path)) return undefined;
  const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
  return `Everybody on this host can read ${path} (mode ${mode}), which holds secrets: chmod 600 ${shellWord(path)}`;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Handed over by systemd, which grants access by a list of its own: the mode shows a group that is none. */
function isSystemdCredential(path: string): boolean {
  const directory = process.env.CREDENTIALS_DIRECTORY;
  return directory !== undefined && directory !== '' && dirname(resolve(path)) === resolve(directory);
}
