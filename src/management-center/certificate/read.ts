import { open } from 'node:fs/promises';
import {
  CertificateFileNotFoundError,
  CertificateFileUnreadableError,
  NotACertificateFileError,
} from './errors.ts';

/** The largest file looked at; real ones have some kB. */
const MOST_BYTES = 1_048_576;

export interface FileContent {
  readonly bytes: Buffer;
  /** The permission bits, e.g. 0o600. */
  readonly mode: number;
}

/**
 * Reads a certificate file whole; a pipe (`<(…)`) will do.
 * @throws CertificateFileNotFoundError, CertificateFileUnreadableError, NotACertificateFileError (empty, too large)
 */
export async function readCertificateFile(file: string): Promise<FileContent> {
  const { bytes, mode } = await readStart(file).catch((error: unknown) => {
    throw explain(file, error);
  });
  if (bytes.length === 0) throw new NotACertificateFileError(file, 'it is empty');
  if (bytes.length > MOST_BYTES) throw new NotACertificateFileError(file, 'it is larger than 1 MB');
  return { bytes, mode };
}

/** One byte more than is allowed, so that a larger file shows. */
async function readStart(file: string): Promise<FileContent> {
  const handle = await open(file, 'r');
  try {
    const { mode } = await handle.stat();
    const chunks: Buffer[] = [];
    for await (const chunk of handle.createReadStream({ end: MOST_BYTES, autoClose: false })) {
      chunks.push(chunk as Buffer);
    }
    return { bytes: Buffer.concat(chunks), mode: mode & 0o777 };
  } finally {
    await handle.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
};

function explain(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CertificateFileNotFoundError(file);
  const words = error instanceof Error ? error.message : String(error);
  return new CertificateFileUnreadableError(file, REASONS[code] ?? words, error);
}
