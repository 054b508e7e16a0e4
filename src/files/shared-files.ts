import { stat } from 'node:fs/promises';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { realPath } from './real-path.ts';

/** Paths by what names them, e.g. `-summary`. */
export type NamedFiles = Readonly<Record<string, string | undefined>>;

/**
 * Refuses a file that is written and also read, or written for two purposes, by whatever path or link.
 * @throws SharedFileError
 */
export async function refuseSharedFiles(written: NamedFiles, read: NamedFiles): Promise<void> {
  const owners = new Map<string, string>();
  for (const [by, path] of given(read)) owners.set(await identityOf(path), by);
  for (const [by, path] of given(written)) {
    const identity = await identityOf(path);
    const owner = owners.get(identity);
    if (identity !== '' && owner !== undefined) throw new SharedFileError(by, path, owner);
    owners.set(identity, by);
  }
}

function given(files: NamedFiles): (readonly [string, string])[] {
  return Object.entries(files).flatMap(([by, path]) => (path === undefined ? [] : [[by, path] as const]));
}

/** Equal for what is one file; empty for a pipe or a device, which can be shared. */
async function identityOf(path: string): Promise<string> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  if (status === undefined) return realPath(path);
  return status.isFile() ? `${status.dev}:${status.ino}` : '';
}

/** What is read, or written otherwise, would be destroyed. */
export const SharedFileError = failures(ExitCode.failed)(
  'QC1005',
  (by: string, path: string, owner: string) => [
    `${by} would write to ${path}, which is the file of ${owner}.`,
    'Name another file.',
  ],
);
