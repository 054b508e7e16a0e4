import { closeSync, openSync, readSync } from 'node:fs';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';
import { Secret } from './secret.ts';

const failure = failures(ExitCode.failed);

/** A password file cannot be read. */
export const SecretFileUnreadableError = failure('QC1201', (path: string, what: string, cause: unknown) => [
  `The file ${path} with ${what} cannot be read: ${systemReason(cause)}.`,
  'Check its path and that this user may read it.',
  { cause },
]);

/** A password file whose first line holds nothing, or is no text. */
export const SecretFileUnusableError = failure('QC1202', (path: string, what: string, wrong: string) => [
  `The first line of ${path} is to be ${what}, but it ${wrong}.`,
  'Write it there in UTF-8.',
]);

/** Bytes; a longer first line is no password. */
const LONGEST = 4_096;

/**
 * The first line of a file, without its line end; may be a pipe. `what` names the secret for messages, e.g.
 * `the password of the certificate file`. Throws SecretFileUnreadableError, SecretFileUnusableError.
 */
export function readSecretFile(path: string, what: string): Secret {
  const bytes = readStart(path, what);
  const end = bytes.indexOf('\n');
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  if (line.length > LONGEST) throw new SecretFileUnusableError(path, what, `is longer than ${LONGEST} bytes`);
  const text = decoded(line)?.replace(/\r$/, '');
  if (text === undefined) throw new SecretFileUnusableError(path, what, 'is not UTF-8 text');
  if (text === '') throw new SecretFileUnusableError(path, what, 'is empty');
  return new Secret(text);
}

/** As much as is needed to see the first line: a device without end must not be read whole. */
function readStart(path: string, what: string): Buffer {
  const buffer = Buffer.alloc(LONGEST + 2);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = readSync(file, buffer, length, buffer.length - length, null);
        if (buffer.subarray(0, length + read).includes('\n')) return buffer.subarray(0, length + read);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new SecretFileUnreadableError(path, what, error);
  }
  return buffer.subarray(0, length);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
