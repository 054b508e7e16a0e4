import { type BoundedContent, readBounded } from '../../files/read-bounded.ts';
import { isMissing } from '../../files/system-reason.ts';
import {
  CertificateFileNotFoundError,
  CertificateFileUnreadableError,
  NotACertificateFileError,
} from './errors.ts';

/** The largest file looked at; real ones have some kB. */
const MOST_BYTES = 1_048_576;

/**
 * Reads a certificate file whole; a pipe (`<(…)`) will do.
 * @throws CertificateFileNotFoundError, CertificateFileUnreadableError, NotACertificateFileError (empty, too large)
 */
export async function readCertificateFile(file: string): Promise<BoundedContent> {
  const content = await readBounded(file, MOST_BYTES).catch((error: unknown) => {
    throw isMissing(error)
      ? new CertificateFileNotFoundError(file)
      : new CertificateFileUnreadableError(file, error);
  });
  if (content.bytes.length === 0) throw new NotACertificateFileError(file, 'it is empty');
  if (!content.whole) throw new NotACertificateFileError(file, 'it is larger than 1 MB');
  return content;
}
