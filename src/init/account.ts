/** The Qualys account as far as the answers say it: to log in with, and for the YAML. */
import { resolve } from 'node:path';
import { DEFAULTS, KEYS } from '../config/keys.ts';
import type { QualysLogin } from '../config/qualys-login.ts';
import type { Log } from '../log/log.ts';
import type { QualysAccount } from '../qualys/access.ts';
import { apiHostInsteadOf, PLATFORM_HOSTS } from '../qualys/connection/platforms.ts';
import type { SecretSource } from './plan.ts';
import type { YamlValues } from './yaml.ts';

export interface Answers {
  readonly login: QualysLogin;
  readonly secretSource: SecretSource;
  /** As qualys_server has it. */
  readonly server: string;
  readonly proxy?: string | undefined;
  readonly qualysCa?: string | undefined;
}

/** @param file the YAML that is to be, for messages */
export function accountOf({ login, server, proxy, qualysCa }: Answers, file: string): QualysAccount {
  return {
    ...DEFAULTS,
    qualysServer: KEYS.qualysServer.read(server) ?? DEFAULTS.qualysServer,
    proxy: proxy === undefined ? undefined : KEYS.proxy.read(proxy),
    qualysCa,
    file,
    login,
    tokens: {},
  };
}

export function yamlOf({ login, secretSource, server, proxy, qualysCa }: Answers): YamlValues {
  const isClient = login.kind === 'client';
  return {
    ...(isClient
      ? { clientId: login.name, clientLevel: login.level, ...secretKey(secretSource, 'clientSecret') }
      : { userId: login.name, ...secretKey(secretSource, 'password') }),
    qualysServer: server,
    ...(proxy !== undefined && { proxy }),
    ...(qualysCa !== undefined && { qualysCa: resolve(qualysCa) }),
  };
}

function secretKey(source: SecretSource, name: 'password' | 'clientSecret'): YamlValues {
  if (source.kind === 'file') return { [`${name}File`]: 'qualys-password' };
  if (source.kind === 'command') return { [`${name}Command`]: source.words };
  return {};
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

/** What the calls would log is told by their errors. */
export const SILENT: Log = {
  level: 0,
  error: () => undefined,
  warning: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
