import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EFBIG: 'it grew larger than a file may be',
};

/** Why the system refused, in the user's words. */
export function writeFailure(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** A file could not be written whole; nothing of it was left behind. */
export class FileWriteError extends ConnectorError {
  constructor(what: string, path: string, cause: unknown) {
    super(
      'QC6001',
      ExitCode.failed,
      `${what} ${path} cannot be written: ${writeFailure(cause)}.`,
      'Name another place, or make room or permission there; nothing half-written was left.',
      { cause },
    );
  }
}
