import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { KEYS } from '../config/keys.ts';
import { ConnectorError } from '../connector-error.ts';
import { openCertificateFile } from '../management-center/certificate/client-certificate.ts';
import {
  CertificatePasswordNeededError,
  day,
  WrongCertificatePasswordError,
} from '../management-center/certificate/errors.ts';
import { certificateFilesIn } from '../management-center/certificate/find.ts';
import { daysLeft } from '../management-center/certificate/validity.ts';
import type { Words } from '../programs/words.ts';
import { secretByCommand } from '../secrets/secret-command.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import type { Secret } from '../secrets/secret.ts';
import { LATER } from './answer-words.ts';
import { type AnsweredSecret, askSecret } from './ask-secret.ts';
import { type Address, type Earlier, type EarlierCenter, earlierCenter } from './earlier.ts';
import { type CertificatePlan, type Center, ownPaths, type SecretSource } from './plan.ts';
import type { Questions } from './questions.ts';

const COMMAND = KEYS.pkcs12PasswordCommand.name;
const WHAT = 'the password of the certificate file';

/**
 * Which certificate file each has, found where it may lie, opened and looked at. A file that one has is proposed for no
 * other: each Management Center takes only its own.
 * @param given by -pkcs12
 * @param earlier whose files are proposed before others, and stay where they are
 */
export async function askCertificates(
  questions: Questions,
  directory: string,
  given: string | undefined,
  addresses: readonly Address[],
  earlier?: Earlier,
): Promise<Center[]> {
  const found = addresses.length > 0 ? await filesIn(directory) : [];
  if (found.length > 1) questions.say(['Certificate files here:', ...found].join('\n  '));
  const proposals = [...(given === undefined ? [] : [resolve(given)]), ...found];
  const several = addresses.length > 1;
  const copies = (address: Address): string[] => {
    const { pkcs12, pem } = ownPaths(resolve(directory), address, several);
    const before = earlierCenter(earlier, address, addresses)?.pkcs12;
    return [...(before === undefined ? [] : [before]), pkcs12, pem];
  };
  const centers: Center[] = [];
  for (const address of addresses) {
    const taken = centers.map(({ certificate }) => certificate.from);
    const ofOthers = addresses.filter((other) => other !== address).flatMap(copies);
    const free = proposals.filter((file) => !taken.includes(file) && !ofOthers.includes(file));
    const own = copies(address).find((file) => !taken.includes(file) && existsSync(file));
    const before = earlierCenter(earlier, address, addresses);
    const same = given === undefined && before?.pkcs12 === own ? own : undefined;
    const alike = several ? (own ?? free.find((file) => basename(file).includes(address.host))) : undefined;
    const certificate = await askCertificate(questions, directory, {
      of: several ? ` of ${[address.host, address.port].filter(Boolean).join(':')}` : '',
      proposed: same ?? alike ?? free[0] ?? own ?? LATER,
      // The YAML has one command for all of them.
      commandKey: several ? undefined : COMMAND,
      before: before && { ...before, command: several ? undefined : earlier?.config.pkcs12PasswordCommand },
    });
    centers.push({ ...address, certificate });
  }
  return centers;
}

interface AskedCertificate {
  /** Whose, in the question. */
  readonly of: string;
  readonly proposed: string;
  readonly commandKey: string | undefined;
  readonly before: Before | undefined;
}

/** The file that it had, and where the password of that is. */
interface Before extends Pick<EarlierCenter, 'pkcs12' | 'passwordFile'> {
  readonly command: Words | undefined;
}

async function askCertificate(
  questions: Questions,
  directory: string,
  { of, proposed, commandKey, before }: AskedCertificate,
): Promise<CertificatePlan> {
  let initial = proposed;
  for (;;) {
    const answer = await questions.text({
      question: `Certificate file${of}`,
      help: `The file that the Management Center made for this host: System > Integration > Host Input Client, Create Client, then the icon beside the client. It is copied to ${directory}, for you alone. "${LATER}" goes on without one.`,
      initial,
      wrong: (path) => (path === LATER || existsSync(path) ? undefined : `${path} does not exist.`),
    });
    if (answer === LATER) return { from: undefined, password: keptFile(before) };
    const from = resolve(answer);
    const stays = from === before?.pkcs12;
    const password = await opened(questions, from, commandKey, stays ? before : undefined);
    if (password) return { from, stays, password };
    initial = LATER;
  }
}

function keptFile(before: Before | undefined): SecretSource {
  const path = before?.passwordFile;
  return path === undefined ? { kind: 'none' } : { kind: 'kept', path };
}

async function filesIn(directory: string): Promise<string[]> {
  const folders = ['.', directory, join(directory, 'InputPlugins')].map((folder) => resolve(folder));
  const files = await Promise.all([...new Set(folders)].map((folder) => certificateFilesIn(folder)));
  return files.flat();
}

/** @returns where its password comes from; undefined: it cannot be opened */
async function opened(
  questions: Questions,
  path: string,
  commandKey: string | undefined,
  before: Before | undefined,
): Promise<SecretSource | undefined> {
  let source: SecretSource = { kind: 'none' };
  let password: Secret | undefined;
  let kept = before;
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
    const secret = kept && (await keptSecret(questions, kept));
    kept = undefined;
    if (secret) {
      ({ source, secret: password } = secret);
      continue;
    }
    const answer = await askSecret(questions, {
      question: 'Its password',
      what: WHAT,
      key: commandKey,
      initial: 'another file',
    });
    if (!answer.secret) return undefined;
    ({ source, secret: password } = answer);
  }
}

/** What the password file or the command of an earlier time gives; what is wrong with it is told. */
async function keptSecret(
  questions: Questions,
  { passwordFile: path, command: words }: Before,
): Promise<AnsweredSecret | undefined> {
  try {
    if (path !== undefined) {
      return { source: { kind: 'kept', path }, secret: await readSecretFile(path, WHAT) };
    }
    if (words === undefined) return undefined;
    const { secret } = await secretByCommand({ words, key: COMMAND, what: WHAT });
    return { source: { kind: 'command', words }, secret };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    questions.say(error.message);
    return undefined;
  }
}
