import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { readBounded } from '../files/read-bounded.ts';
import { systemReason } from '../files/system-reason.ts';
import { Secret } from './secret.ts';

const failure = failures(ExitCode.failed);

/** A password file cannot be read. */
const SecretFileUnreadableError = failure('QC1201', (path: string, what: string, cause: unknown) => [
  `The file ${path} with ${what} cannot be read: ${systemReason(cause)}.`,
  'Check its path and that this user may read it.',
  { cause },
]);

/** A password file whose first line holds nothing, or is no text. */
const SecretFileUnusableError = failure('QC1202', (path: string, what: string, wrong: string) => [
  `The first line of ${path} is to be ${what}, but it ${wrong}.`,
  'Write it there in UTF-8.',
]);

/** Bytes; a longer first line is no password. */
const LONGEST = 4_096;

/**
 * The first line of a file, without its line end; may be a pipe, or a device without end.
 * @param what names the secret for messages, e.g. `the password of the certificate file`
 * @throws SecretFileUnreadableError, SecretFileUnusableError
 */
export async function readSecretFile(path: string, what: string): Promise<Secret> {
  const { bytes } = await readBounded(path, LONGEST + 1, (read) => read.includes('\n')).catch(
    (error: unknown) => {
      throw new SecretFileUnreadableError(path, what, error);
    },
  );
  const end = bytes.indexOf('\n');
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  if (line.length > LONGEST) throw new SecretFileUnusableError(path, what, `is longer than ${LONGEST} bytes`);
  const text = decoded(line)?.replace(/\r$/, '');
  if (text === undefined) throw new SecretFileUnusableError(path, what, 'is not UTF-8 text');
  if (text === '') throw new SecretFileUnusableError(path, what, 'is empty');
  return new Secret(text);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
