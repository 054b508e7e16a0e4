/** What the answers come to, before anything is written. */
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import type { Secret } from '../secrets/secret.ts';
import type { Words } from '../programs/words.ts';
import { commandPaths, option } from './commands.ts';
import type { Earlier } from './earlier.ts';
import type { YamlItem, YamlValues } from './yaml.ts';

/** Where a secret comes from. */
export type SecretSource =
  | { readonly kind: 'file'; readonly secret: Secret }
  | { readonly kind: 'command'; readonly words: Words }
  /** It is asked for at each run, or there is none, or it stays where it is. */
  | { readonly kind: 'none' };

export interface CertificatePlan {
  /** Where it is now; undefined: it is not there yet. */
  readonly from: string | undefined;
  readonly password: SecretSource;
}

/** A Management Center, and what it has of its own. */
export interface Center {
  readonly host: string;
  /** Undefined: the usual one. */
  readonly port: string | undefined;
  readonly certificate: CertificatePlan;
}

export interface Schedule {
  readonly hour: number;
  readonly minute: number;
}

/** What is written beside the YAML. */
export type Extra = 'crontab' | 'systemd' | 'logrotate' | 'bash' | 'zsh';

export interface Plan {
  /** Absolute. */
  readonly directory: string;
  /** What is there already, and is changed only where an answer differs. */
  readonly earlier: Earlier | undefined;
  /** One is named by options, several by the YAML; without any, commands go to a file. */
  readonly centers: readonly Center[];
  /** Without those. */
  readonly yaml: YamlValues;
  /** The login's; its file or command is named in the YAML. */
  readonly qualysSecret: SecretSource;
  readonly extras: readonly Extra[];
  readonly schedule: Schedule;
}

/** Where the files of a plan lie. */
export function pathsOf({ directory }: Plan) {
  return {
    yaml: join(directory, 'InputPlugins', 'QualysGuard.yaml'),
    qualysSecret: join(directory, 'InputPlugins', 'qualys-password'),
  };
}

/** Where the files of a Management Center lie: of several, each has its address in their names. */
export function pathsOfCenter({ directory, centers }: Plan, { host, port, certificate }: Center) {
  const isPem = /\.(?:pem|crt|cer)$/i.test(certificate.from ?? '');
  const own = centers.length > 1 ? `-${nameOf({ host, port })}` : '';
  return {
    pkcs12: join(directory, `CertFile${own}.${isPem ? 'pem' : 'pkcs12'}`),
    password: join(directory, `pkcs12-password${own}`),
  };
}

/** Where the copy of its certificate file is to lie, or lies since an earlier time, in either form. */
export function copiesOf(
  directory: string,
  address: Pick<Center, 'host' | 'port'>,
  isOneOfSeveral: boolean,
): string[] {
  const own = isOneOfSeveral ? `-${nameOf(address)}` : '';
  return ['pkcs12', 'pem'].map((kind) => join(directory, `CertFile${own}.${kind}`));
}

/** For names of files: another for each address, `2001_db8__1+8308`. */
function nameOf({ host, port }: Pick<Center, 'host' | 'port'>): string {
  const name = (domainToASCII(host) || host).replace(/^\[(.*)\]$/, '$1').replace(/[^\w.-]/g, '_');
  return port === undefined ? name : `${name}+${port}`;
}

/** What the YAML says of the Management Centers: of one nothing but the command that gives its password. */
export function centersInYaml(plan: Plan): YamlValues {
  const [only, ...others] = plan.centers;
  if (only && others.length > 0) return { servers: plan.centers.map((center) => itemOf(plan, center)) };
  const password = only?.certificate.password;
  return password?.kind === 'command' ? { pkcs12PasswordCommand: password.words } : {};
}

function itemOf(plan: Plan, center: Center): YamlItem {
  const { host, port, certificate } = center;
  const { pkcs12, password } = pathsOfCenter(plan, center);
  return {
    address: host,
    ...(port !== undefined && { port }),
    pkcs12,
    ...(certificate.password.kind === 'file' && { password_file: password }),
  };
}

/** The command and the options that each run has, each one word. */
export function runWords(plan: Plan): string[] {
  return [commandPaths()[0], ...destinationOptions(plan), ...option('plugininfo', pathsOf(plan).yaml)];
}

function destinationOptions(plan: Plan): string[] {
  const [only, ...others] = plan.centers;
  if (!only) return option('csvfile', join(plan.directory, 'Output.csv'));
  if (others.length > 0) return [];
  const { pkcs12, password } = pathsOfCenter(plan, only);
  return [
    ...option('server', only.host),
    ...option('port', only.port),
    ...option('pkcs12', pkcs12),
    ...option('passwordfile', only.certificate.password.kind === 'file' ? password : undefined),
  ];
}
