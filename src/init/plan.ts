/** What the answers come to, before anything is written. */
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import type { Secret } from '../secrets/secret.ts';
import type { Words } from '../programs/words.ts';
import { commandPaths, nightlyOptions, option } from './commands.ts';
import { type Earlier, earlierCenter } from './earlier.ts';
import type { Extra, Schedule } from './extras.ts';
import type { YamlItem, YamlValues } from './yaml.ts';

/** Where a secret comes from. */
export type SecretSource =
  | { readonly kind: 'file'; readonly secret: Secret }
  | { readonly kind: 'command'; readonly words: Words }
  /** It stays in the file that it is in. */
  | { readonly kind: 'kept'; readonly path: string }
  /** It is asked for at each run, or there is none, or nothing new was answered. */
  | { readonly kind: 'none' };

export interface CertificatePlan {
  /** Where it is now; undefined: it is not there yet. */
  readonly from: string | undefined;
  /** It is used where it is, as before, and not copied. */
  readonly stays?: boolean;
  readonly password: SecretSource;
}

/** A Management Center, and what it has of its own. */
export interface Center {
  readonly host: string;
  /** Undefined: the usual one. */
  readonly port: string | undefined;
  readonly certificate: CertificatePlan;
}

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

/** Whether the YAML names the Management Centers: several, or one where it did before. */
function areListed({ centers, earlier }: Pick<Plan, 'centers' | 'earlier'>): boolean {
  const wereListed = earlier?.centers.some(({ listed }) => listed !== undefined) === true;
  return centers.length > 1 || (centers.length > 0 && wereListed);
}

/** Where the files of a Management Center lie. */
export function pathsOfCenter(plan: Plan, { host, port, certificate }: Center) {
  const { from, stays = false, password } = certificate;
  const own = ownPaths(plan.directory, { host, port }, plan.centers.length > 1);
  // What is answered later lies where it did, or is to lie.
  const before = stays ? from : undefined;
  const place =
    from === undefined ? earlierCenter(plan.earlier, { host, port }, plan.centers)?.pkcs12 : before;
  const copy = /\.(?:pem|crt|cer)$/i.test(from ?? '') ? own.pem : own.pkcs12;
  return {
    pkcs12: place ?? copy,
    password: password.kind === 'kept' ? password.path : own.password,
  };
}

/** Of several, each has its address in the names. */
export function ownPaths(directory: string, address: Pick<Center, 'host' | 'port'>, isOneOfSeveral: boolean) {
  const own = isOneOfSeveral ? `-${nameOf(address)}` : '';
  return {
    pkcs12: join(directory, `CertFile${own}.pkcs12`),
    pem: join(directory, `CertFile${own}.pem`),
    password: join(directory, `pkcs12-password${own}`),
  };
}

/** For names of files: another for each address, `2001_db8__1+8308`. */
function nameOf({ host, port }: Pick<Center, 'host' | 'port'>): string {
  const name = (domainToASCII(host) || host).replace(/^\[(.*)\]$/, '$1').replace(/[^\w.-]/g, '_');
  return port === undefined ? name : `${name}+${port}`;
}

/** What the YAML says of the Management Centers: of one by -server nothing but the command that gives its password. */
export function centersInYaml(plan: Plan): YamlValues {
  const { centers } = plan;
  // Nothing is to be sent to those that were listed.
  if (centers.length === 0) return { servers: '' };
  return {
    ...(areListed(plan) && { servers: centers.map((center) => itemOf(plan, center)) }),
    ...(centers.length === 1 && passwordCommand(centers[0]?.certificate.password)),
  };
}

/** The YAML has one for all Management Centers. */
function passwordCommand(password?: SecretSource): YamlValues {
  if (password?.kind === 'command') return { pkcs12PasswordCommand: password.words };
  return password?.kind === 'file' ? { pkcs12PasswordCommand: '' } : {};
}

function itemOf(plan: Plan, center: Center): YamlItem {
  const { host, port, certificate } = center;
  const paths = pathsOfCenter(plan, center);
  const { listed } = earlierCenter(plan.earlier, center, plan.centers) ?? {};
  const { fingerprint, domain } = listed ?? {};
  // What is as before may be said by the command line, for all of them.
  const isAsBefore = listed !== undefined && (certificate.from === undefined || certificate.stays === true);
  const pkcs12 = isAsBefore ? listed.pkcs12 : paths.pkcs12;
  const password = hasPasswordFile(certificate) ? paths.password : undefined;
  const passwordFile = isAsBefore && certificate.password.kind !== 'file' ? listed.passwordFile : password;
  return {
    address: host,
    ...(port !== undefined && { port }),
    ...(pkcs12 !== undefined && { pkcs12 }),
    ...(passwordFile !== undefined && { password_file: passwordFile }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(domain !== undefined && { domain }),
  };
}

function hasPasswordFile({ password }: CertificatePlan): boolean {
  return password.kind === 'file' || password.kind === 'kept';
}

/** The command and the options that each run has, each one word. */
export function runWords(plan: Plan): string[] {
  return [commandPaths()[0], ...destinationOptions(plan), ...option('plugininfo', pathsOf(plan).yaml)];
}

function destinationOptions(plan: Plan): string[] {
  const [only] = plan.centers;
  if (!only) return option('csvfile', join(plan.directory, 'Output.csv'));
  if (areListed(plan)) return [];
  const { pkcs12, password } = pathsOfCenter(plan, only);
  return [
    ...option('server', only.host),
    ...option('port', only.port),
    ...option('pkcs12', pkcs12),
    ...option('passwordfile', hasPasswordFile(only.certificate) ? password : undefined),
  ];
}

/** They follow from the answers. */
const ANSWERED = ['server', 'port', 'pkcs12', 'passwordfile', 'csvfile', 'plugininfo'];

/** The same for every night; what a person has changed or added among the options stays. */
export function nightlyWords(plan: Plan, kind: 'crontab' | 'systemd'): string[] {
  const nameOfOption = (word: string): string => /^-([^=]*)/.exec(word)?.[1] ?? '';
  const usual = nightlyOptions(plan.directory, plan.centers.length > 0);
  const before = plan.earlier?.run[kind] ?? [];
  const isPasswordNew = plan.centers.some(({ certificate: { password } }) =>
    ['file', 'command'].includes(password.kind),
  );
  const answered = [...ANSWERED, ...(isPasswordNew ? ['password'] : [])];
  const names = [...answered, 'logfile', 'state', 'changed', 'page'];
  return [
    process.execPath,
    ...runWords(plan),
    ...usual.map((word) => before.findLast((own) => nameOfOption(own) === nameOfOption(word)) ?? word),
    ...before.filter((word) => !names.includes(nameOfOption(word))),
  ];
}
