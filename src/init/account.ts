/** The Qualys account as far as the answers say it: to log in with, and for the YAML. */
import { resolve } from 'node:path';
import { DEFAULTS, KEYS } from '../config/keys.ts';
import type { QualysLogin } from '../config/qualys-login.ts';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import type { Log } from '../log/log.ts';
import type { QualysAccount } from '../qualys/access.ts';
import { apiHostInsteadOf, PLATFORM_HOSTS } from '../qualys/connection/platforms.ts';
import type { Secret } from '../secrets/secret.ts';
import type { AnsweredSecret } from './ask-secret.ts';
import type { SecretSource } from './plan.ts';
import type { YamlValues } from './yaml.ts';

export interface ProxyAnswer {
  /** Undefined: none. */
  readonly url: string | undefined;
  readonly user: string | undefined;
  readonly password: AnsweredSecret;
}

export interface Answers {
  readonly login: QualysLogin;
  readonly secretSource: SecretSource;
  /** As qualys_server has it. */
  readonly server: string;
  readonly proxy?: ProxyAnswer | undefined;
  readonly gateway?: string | undefined;
  readonly qualysCa?: string | undefined;
  /** What the YAML says already: it holds where nothing else was answered. */
  readonly earlier?: QualysConfig | undefined;
  /** Of the YAML. */
  readonly proxyPassword?: Secret | undefined;
}

/** @param file the YAML that is to be, for messages */
export function accountOf(answers: Answers, file: string): QualysAccount {
  const { login, server, proxy, gateway, qualysCa, earlier, proxyPassword } = answers;
  return {
    ...DEFAULTS,
    ...earlier,
    qualysServer: KEYS.qualysServer.read(server) ?? DEFAULTS.qualysServer,
    ...(gateway !== undefined && { gateway: KEYS.gateway.read(gateway) }),
    ...(proxy
      ? {
          proxy: proxy.url === undefined ? undefined : KEYS.proxy.read(proxy.url),
          proxyUser: proxy.user,
          proxyPassword: proxy.password.secret,
        }
      : { proxyPassword: proxyPassword ?? earlier?.proxyPassword }),
    qualysCa: qualysCa ?? earlier?.qualysCa,
    file,
    login,
    tokens: {},
  };
}

export function yamlOf(answers: Answers): YamlValues {
  const { login, secretSource, server, proxy, gateway, qualysCa, earlier } = answers;
  const isClient = login.kind === 'client';
  const before = isClient ? earlier?.clientId : earlier?.userId;
  const isOther = before !== undefined && before !== login.name;
  return {
    // Of the other kind nothing may stay: the two contradict each other.
    ...(isClient
      ? {
          ...NO_USER,
          clientId: login.name,
          clientLevel: login.level,
          ...secretKeys(secretSource, 'clientSecret', isOther),
        }
      : { ...NO_CLIENT, userId: login.name, ...secretKeys(secretSource, 'password', isOther) }),
    qualysServer: server,
    ...(proxy && proxyKeys(proxy)),
    ...(gateway !== undefined && { gateway }),
    ...(qualysCa !== undefined && { qualysCa: resolve(qualysCa) }),
  };
}

/** Its password has no file of its own: it stands in the YAML, which is for its owner alone. */
function proxyKeys({ url = '', user = '', password }: ProxyAnswer): YamlValues {
  const { source, secret } = password;
  return {
    proxy: url,
    proxyPort: '',
    proxyUser: user,
    proxyPassword: source.kind === 'file' ? (secret?.reveal() ?? '') : '',
    proxyPasswordCommand: source.kind === 'command' ? source.words : '',
  };
}

const NO_USER = { userId: '', password: '', passwordFile: '', passwordCommand: '' } as const;
const NO_CLIENT = { clientId: '', clientSecret: '', clientSecretFile: '', clientSecretCommand: '' } as const;

/**
 * One way of giving it in place of all others; without an answer whatever there is stays, but for another login's: Qualys
 * would refuse that every night, and lock the account.
 */
function secretKeys(source: SecretSource, name: 'password' | 'clientSecret', isOther: boolean): YamlValues {
  const isAnswered = source.kind === 'file' || source.kind === 'command';
  if (!isAnswered && !isOther) return {};
  const command = source.kind === 'command' ? { [`${name}Command`]: source.words } : {};
  const way = source.kind === 'file' ? { [`${name}File`]: 'qualys-password' } : command;
  return { [name]: '', [`${name}File`]: '', [`${name}Command`]: '', ...way };
}

/** The web interfaces of Qualys' platforms, in the order of PLATFORM_HOSTS. */
export const WEB_HOSTS = PLATFORM_HOSTS.map((host) => host.replace(/^qualysapi\./, 'qualysguard.'));

/**
 * The API server that somebody means by a number of the list, an address copied from the browser, or a server's name.
 * @returns undefined for what is none of these
 */
export function serverMeant(answer: string): string | undefined {
  if (/^\d+$/.test(answer)) return PLATFORM_HOSTS[Number(answer) - 1];
  const written = answer.includes('://') ? answer : `https://${answer}`;
  if (!URL.canParse(written)) return undefined;
  const { host, hostname, protocol } = new URL(written);
  if (protocol !== 'https:' || hostname === '') return undefined;
  return apiHostInsteadOf(hostname) ?? host;
}

/** As a person types it: without a scheme, but for one that is not https. */
export function hostOf(url: string): string {
  return url.replace(/^https:\/\//, '');
}

/** What the calls would log is told by their errors. */
export const SILENT: Log = {
  level: 0,
  error: () => undefined,
  warning: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
