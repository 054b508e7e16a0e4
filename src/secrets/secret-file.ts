import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { readBounded } from '../files/read-bounded.ts';
import { systemReason } from '../files/system-reason.ts';
import { LONGEST_SECRET, secretOfFirstLine } from './first-line.ts';
import type { Secret } from './secret.ts';

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

/**
 * The first line of a file, without its line end; may be a pipe, or a device without end.
 * @param what names the secret for messages, e.g. `the password of the certificate file`
 * @throws SecretFileUnreadableError, SecretFileUnusableError
 */
export async function readSecretFile(path: string, what: string): Promise<Secret> {
  const { bytes } = await readBounded(path, LONGEST_SECRET + 1, (read) => read.includes('\n')).catch(
    (error: unknown) => {
      throw new SecretFileUnreadableError(path, what, error);
    },
  );
  const secret = secretOfFirstLine(bytes);
  if (typeof secret === 'string') throw new SecretFileUnusableError(path, what, secret);
  return secret;
}
