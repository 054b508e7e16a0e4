import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NoCertificateFileFoundError, SeveralCertificateFilesError } from './errors.ts';

/**
 * Finds the certificate file where none is named: the only `*.pkcs12`, or else the only `*.p12` or `*.pfx`, in the
 * first of the directories that has one.
 * @returns its path, as the directory was given
 * @throws NoCertificateFileFoundError, SeveralCertificateFilesError
 */
export async function findCertificateFile(directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    const [file, ...others] = await certificateFilesIn(directory);
    if (file && others.length > 0) throw new SeveralCertificateFilesError([file, ...others]);
    if (file) return file;
  }
  throw new NoCertificateFileFoundError(directories);
}

/** All that may be one in a directory, by their names. */
export async function certificateFilesIn(directory: string): Promise<string[]> {
  // A directory that is missing or may not be listed has none to offer; the message names where was looked.
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(directory, entry.name));
  const ending = (pattern: RegExp) => files.filter((file) => pattern.test(basename(file))).sort();
  const own = ending(/^[^.].*\.pkcs12$/i);
  return own.length > 0 ? own : ending(/^[^.].*\.(p12|pfx)$/i);
}
