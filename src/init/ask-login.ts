/** Who logs in at Qualys, where, and whether that works. */
import { type FoundLogin, type QualysLogin, qualysLogin } from '../config/qualys-login.ts';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import { KEYS } from '../config/keys.ts';
import { ConnectorError } from '../connector-error.ts';
import { PLATFORM_HOSTS } from '../qualys/connection/platforms.ts';
import { Secret } from '../secrets/secret.ts';
import {
  accountOf,
  type Answers,
  hostOf,
  type ProxyAnswer,
  serverMeant,
  SILENT,
  WEB_HOSTS,
} from './account.ts';
import { AS_BEFORE, LATER } from './answer-words.ts';
import { askSecret } from './ask-secret.ts';
import { askAuthority, askGateway, askProxy } from './ask-way.ts';
import type { SecretSource } from './plan.ts';
import type { Questions } from './questions.ts';

/** Refused logins after which going on without is proposed: Qualys locks an account after some. */
const MOST_REFUSALS = 2;

export interface AskedLogin {
  readonly answers: Answers;
  /** Whether Qualys has taken it. */
  readonly works: boolean;
}

/**
 * @param file the YAML that is to be
 * @param config what it says now
 * @returns undefined: it is filled in later
 */
export async function askLogin(
  questions: Questions,
  file: string,
  config?: QualysConfig,
): Promise<AskedLogin | undefined> {
  const identity = await askIdentity(questions, config);
  if (!identity) return undefined;
  const server = await askPlatform(questions, identity, file);
  let answers: Answers = { ...identity, server };
  // Without a secret there is nothing to try.
  if (answers.login.secret.reveal() === '') return { answers, works: false };
  for (let refusals = 0; ;) {
    questions.say(`Logging in at ${answers.server} once ...`);
    const error = await tried(questions, answers, file);
    if (!error) {
      questions.say('Qualys takes the login.');
      return { answers, works: true };
    }
    questions.say(error.message);
    if (isRefusal(error)) refusals++;
    const changed = await mended(questions, answers, error, refusals, file);
    if (!changed) return { answers, works: false };
    answers = changed;
  }
}

type Identity = Omit<Answers, 'server'>;

/** @param config what there is already */
async function askIdentity(questions: Questions, config?: QualysConfig): Promise<Identity | undefined> {
  const kind = await questions.choice({
    question: 'Log in at Qualys as',
    help: 'A user is a name and a password. An OAuth client (in Qualys: My Profile, Auth ID Client Management) is for accounts with single sign-on or a second factor, which have no password for the API.',
    choices: ['a user', 'an OAuth client'],
    initial: config?.clientId === undefined ? 1 : 2,
  });
  const known = kind === 1 ? config?.userId : config?.clientId;
  const name = await questions.text({
    question: kind === 1 ? 'User name at Qualys' : 'Id of the client (client_id)',
    help: `As it is written into the YAML. "${LATER}" leaves the login open.`,
    initial: known ?? LATER,
    wrong: (typed) =>
      KEYS.userId.read(typed) === undefined ? 'There is a colon in it, which no user name has.' : undefined,
  });
  if (name === LATER) return undefined;
  const kept = config && name === known ? await keptLogin(questions, config) : undefined;
  const { source, secret } = await askLoginSecret(
    questions,
    kind === 1 ? 'user' : 'client',
    kept && AS_BEFORE,
  );
  const login = { name, secret: secret ?? kept?.login.secret ?? new Secret('') };
  const common = { secretSource: source, earlier: config, proxyPassword: kept?.proxyPassword };
  if (kind === 1) return { ...common, login: { kind: 'user', ...login } };
  const level = await questions.choice({
    question: 'The client is of',
    help: 'As it was made: a client of the subscription outlives its user.',
    choices: ['a user', 'the subscription'],
    initial: config?.clientLevel === 'subscription' ? 2 : 1,
  });
  return { ...common, login: { kind: 'client', ...login, level: level === 1 ? 'user' : 'subscription' } };
}

/** The login that the YAML leads to, where it has a secret for it; what is wrong with that is told. */
async function keptLogin(questions: Questions, config: QualysConfig): Promise<FoundLogin | undefined> {
  const ways =
    config.clientId === undefined
      ? [config.password, config.passwordFile, config.passwordCommand]
      : [config.clientSecret, config.clientSecretFile, config.clientSecretCommand];
  if (ways.every((way) => way === undefined)) return undefined;
  try {
    return await qualysLogin(config);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    questions.say(error.message);
    return undefined;
  }
}

function askLoginSecret(questions: Questions, kind: QualysLogin['kind'], initial = LATER) {
  return kind === 'user'
    ? askSecret(questions, {
        question: 'Its password',
        what: 'the password of your Qualys account',
        key: KEYS.passwordCommand.name,
        initial,
      })
    : askSecret(questions, {
        question: 'Its secret',
        what: 'the secret of your OAuth client',
        key: KEYS.clientSecretCommand.name,
        initial,
      });
}

const FIND = 'find';

async function askPlatform(questions: Questions, identity: Identity, file: string): Promise<string> {
  questions.say(
    'Where the account lives: the address that your browser shows when you are logged in at Qualys.',
  );
  WEB_HOSTS.forEach((host, index) => {
    questions.say(`  ${String(index + 1).padStart(2)}  ${host}`);
  });
  const canFind = identity.login.kind === 'user' && identity.login.secret.reveal() !== '';
  const before = identity.earlier && hostOf(identity.earlier.qualysServer);
  for (;;) {
    const answer = await questions.text({
      question: `Number, or that address${canFind ? `, or ${FIND}` : ''}`,
      help: `In the web interface Help > About names the platform too. A private platform has an address of its own: copy it from the browser, or type that of its API server (qualysapi...).${canFind ? ` "${FIND}" tries the login at one platform after the other, and says first what that means.` : ''}`,
      initial: before === undefined || before === PLATFORM_HOSTS[0] ? '1' : before,
      wrong: (typed) =>
        (canFind && typed === FIND) || serverMeant(typed) !== undefined
          ? undefined
          : `Type a number from 1 to ${PLATFORM_HOSTS.length}, or an address such as qualysguard.qg2.apps.qualys.eu.`,
    });
    if (before !== undefined && answer === before) return before;
    if (!canFind || answer !== FIND) return serverMeant(answer) ?? PLATFORM_HOSTS[0];
    const found = await findPlatform(questions, identity, file);
    if (found !== undefined) return found;
  }
}

/** Each platform is asked once, since no platform tells a wrong password from a user whom it does not know. */
async function findPlatform(
  questions: Questions,
  identity: Identity,
  file: string,
): Promise<string | undefined> {
  questions.say(
    `This sends user name and password to up to ${PLATFORM_HOSTS.length} servers of Qualys, one after the other, once each, until one does not refuse them. Where the password is wrong, or another customer's user has the same name, that is one failed login there, and Qualys locks accounts after some.`,
  );
  const agreed = await questions.yes({
    question: 'Try them',
    help: 'Looking at the address in the browser costs no login at all.',
    initial: false,
  });
  if (!agreed) return undefined;
  for (const server of PLATFORM_HOSTS) {
    const error = await tried(questions, { ...identity, server }, file);
    if (!error) {
      questions.say(`  ${server}: takes the login`);
      return server;
    }
    questions.say(`  ${server}: ${isRefusal(error) ? 'refuses the login' : error.message}`);
    // It knows the account, or something on the way is wrong for all of them alike.
    if (error.code === 'QC3022' || error.code === 'QC3023') return server;
    if (!isRefusal(error)) break;
  }
  questions.say('No platform has taken it. Look at the password, and at the address in the browser.');
  return undefined;
}

/** @returns why Qualys does not take the login; undefined: it does */
async function tried(
  questions: Questions,
  answers: Answers,
  file: string,
): Promise<ConnectorError | undefined> {
  const { checkLogin } = await import('../qualys/list-account.ts');
  try {
    await checkLogin(accountOf(answers, file), { log: SILENT, signal: questions.signal });
    return undefined;
  } catch (error) {
    questions.signal.throwIfAborted();
    if (!(error instanceof ConnectorError)) throw error;
    return error;
  }
}

function isRefusal({ code }: ConnectorError): boolean {
  return code === 'QC3021' || code === 'QC3028';
}

const MENDS = [
  'try again',
  'another password or secret',
  'another user or client',
  'another platform',
  'a proxy on the way',
  'an authority to trust (a proxy that opens TLS, a private platform)',
  'the gateway of a private platform (for an OAuth client)',
  'go on without',
] as const;
/** Their numbers. */
const MEND = {
  again: 1,
  secret: 2,
  identity: 3,
  platform: 4,
  proxy: 5,
  authority: 6,
  gateway: 7,
  without: 8,
} as const;

/** What most often helps, by the code of the failure. */
function likely(error: ConnectorError, refusals: number): number {
  if (refusals > MOST_REFUSALS) return MEND.without;
  if (isRefusal(error)) return MEND.secret;
  const byCode: Readonly<Record<string, number | undefined>> = {
    QC3001: MEND.platform,
    QC3002: MEND.proxy,
    QC3003: MEND.authority,
    QC3011: MEND.proxy,
    QC3012: MEND.proxy,
    QC3014: MEND.authority,
    QC3016: MEND.gateway,
    QC3017: MEND.gateway,
  };
  return byCode[error.code] ?? MEND.again;
}

/** @returns undefined: it is left as it is, and not tried again */
async function mended(
  questions: Questions,
  answers: Answers,
  error: ConnectorError,
  refusals: number,
  file: string,
): Promise<Answers | undefined> {
  if (refusals > MOST_REFUSALS) {
    questions.say(`That were ${refusals} refused logins: after some more Qualys may lock the account.`);
  }
  const mend = await questions.choice({
    question: 'Then',
    help: 'What you choose is asked for again, and the login is tried once more.',
    choices: MENDS,
    initial: likely(error, refusals),
  });
  const { earlier } = answers;
  if (mend === MEND.without) return undefined;
  if (mend === MEND.secret) return withSecret(answers, await askLoginSecret(questions, answers.login.kind));
  if (mend === MEND.identity) return { ...answers, ...((await askIdentity(questions, earlier)) ?? {}) };
  if (mend === MEND.platform) return { ...answers, server: await askPlatform(questions, answers, file) };
  if (mend === MEND.proxy) return withProxy(answers, await askProxy(questions, earlier?.proxy));
  if (mend === MEND.gateway) return { ...answers, gateway: await askGateway(questions, earlier?.gateway) };
  if (mend === MEND.authority) return { ...answers, qualysCa: await askAuthority(questions) };
  return answers;
}

function withSecret(
  answers: Answers,
  { source, secret }: { readonly source: SecretSource; readonly secret: Secret | undefined },
): Answers {
  return secret ? { ...answers, login: { ...answers.login, secret }, secretSource: source } : answers;
}

function withProxy(answers: Answers, proxy: ProxyAnswer | undefined): Answers {
  return proxy ? { ...answers, proxy } : answers;
}
