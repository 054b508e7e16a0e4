import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { systemReason } from '../../files/system-reason.ts';

const failure = failures(ExitCode.failed);

/** What is too large for one block could not be kept on disk until it is acknowledged. */
export const SpoolError = failure('QC5506', (cause: NodeJS.ErrnoException) => [
  `A host with very many findings could not be kept in a temporary file in ${tmpdir()}: ${systemReason(cause)}.`,
  'Make room there, or name another directory in the environment variable TMPDIR.',
  { cause },
]);

/** A private file without a name: nothing of it is left, however the program ends. Throws SpoolError. */
export async function openSpoolFile(): Promise<FileHandle> {
  try {
    const directory = await mkdtemp(join(tmpdir(), 'qualys-connector-'));
    try {
      return await open(join(directory, 'unit'), 'wx+', 0o600);
    } finally {
      await rm(directory, { recursive: true });
    }
  } catch (error) {
    throw new SpoolError(error as NodeJS.ErrnoException);
  }
}

/** Appends all of the bytes. Throws SpoolError. */
export async function appendToSpool(file: FileHandle, bytes: Buffer): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += (await file.write(bytes, written)).bytesWritten;
    }
  } catch (error) {
    throw new SpoolError(error as NodeJS.ErrnoException);
  }
}
