import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConnectorError } from '../connector-error.ts';
import { openCertificateFile } from '../management-center/certificate/client-certificate.ts';
import {
  CertificatePasswordNeededError,
  day,
  WrongCertificatePasswordError,
} from '../management-center/certificate/errors.ts';
import { certificateFilesIn } from '../management-center/certificate/find.ts';
import { daysLeft } from '../management-center/certificate/validity.ts';
import type { Secret } from '../secrets/secret.ts';
import { askSecret } from './ask-secret.ts';
import type { CertificatePlan, SecretSource } from './plan.ts';
import type { Questions } from './questions.ts';

const LATER = 'later';

/**
 * Which certificate file, found where it may lie, opened and looked at.
 * @param given by -pkcs12
 */
export async function askCertificate(
  questions: Questions,
  directory: string,
  given: string | undefined,
): Promise<CertificatePlan> {
  const found = await filesIn(directory);
  if (found.length > 1) questions.say(['Certificate files here:', ...found].join('\n  '));
  let initial = given ?? found[0] ?? LATER;
  for (;;) {
    const answer = await questions.text({
      question: 'Certificate file',
      help: `The file that the Management Center made for this host: System > Integration > Host Input Client, Create Client, then the icon beside the client. It is copied to ${directory}, for you alone. "${LATER}" goes on without one.`,
      initial,
      wrong: (path) => (path === LATER || existsSync(path) ? undefined : `${path} does not exist.`),
    });
    if (answer === LATER) return { from: undefined, password: { kind: 'none' } };
    const password = await opened(questions, resolve(answer));
    if (password) return { from: resolve(answer), password };
    initial = LATER;
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const folders = ['.', directory, join(directory, 'InputPlugins')].map((folder) => resolve(folder));
  const files = await Promise.all([...new Set(folders)].map((folder) => certificateFilesIn(folder)));
  return files.flat();
}

/** @returns where its password comes from; undefined: it cannot be opened */
async function opened(questions: Questions, path: string): Promise<SecretSource | undefined> {
  let source: SecretSource = { kind: 'none' };
  let password: Secret | undefined;
  for (;;) {
    try {
      const { subject, validTo, warnings } = await openCertificateFile(path, password);
      questions.say(
        `It opens: ${subject}; good until ${day(validTo)}, ${daysLeft(validTo, new Date())} days.`,
      );
      for (const warning of warnings) questions.say(warning);
      return source;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const locked =
        error instanceof CertificatePasswordNeededError || error instanceof WrongCertificatePasswordError;
      if (!locked || password) questions.say(error.message);
      if (!locked) return undefined;
    }
    const what = 'the password of the certificate file';
    const answer = await askSecret(questions, {
      question: 'Its password',
      what,
      key: 'pkcs12_password_command',
      initial: 'another file',
    });
    if (!answer.secret) return undefined;
    ({ source, secret: password } = answer);
  }
}
