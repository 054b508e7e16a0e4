import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { ConnectorError } from '../connector-error.ts';
import type { ListedServer } from '../management-center/connection/server-list.ts';
import type { Words } from '../programs/words.ts';
import {
  ConfigFileNotFoundError,
  ConfigSyntaxError,
  ContradictingKeysError,
  InvalidValueError,
  KeyOfOtherSourceError,
  MissingKeyError,
  MOST_FAULTS,
  NothingToKeepError,
  NothingToReuseError,
  oneOfAll,
  RepeatedKeyError,
  ScopeWithoutLaunchError,
  ServerEntryError,
  TemplatesOfDetectionsError,
  UnknownKeyError,
} from './errors.ts';
import { type ConfigKey, DEFAULTS, type KeyName, KEYS, type KeyValues, NAMED_KEYS } from './keys.ts';
import { readYamlEntries, type YamlEntry, yamlEntries } from './yaml-entries.ts';

/** QualysGuard.yaml, read and checked: every value in the form that the program uses. */
export interface QualysConfig extends KeyValues {
  /** The file's path, for messages. */
  readonly file: string;
  /** The CVE ids in kev_file; undefined: no such file is given. */
  readonly knownExploited?: ReadonlySet<string> | undefined;
}

/** With the keys that were required. */
export type ConfigWith<Name extends KeyName> = QualysConfig & {
  readonly [Key in Name]: NonNullable<QualysConfig[Key]>;
};

interface Written extends YamlEntry {
  readonly read: unknown;
}

/** The values that stand in the file. */
type AllWritten = ReadonlyMap<KeyName, Written>;

/** They choose hosts. */
const SCOPE_KEYS = ['ips', 'assetGroups', 'tags', 'excludeTags'] as const;

/** The ways of giving each secret, of which one is taken. */
const SECRETS = [
  { ways: ['password', 'passwordFile', 'passwordCommand'], what: 'the password' },
  { ways: ['clientSecret', 'clientSecretFile', 'clientSecretCommand'], what: 'the secret' },
  { ways: ['proxyPassword', 'proxyPasswordCommand'], what: 'the password of the proxy' },
] as const;

/** They say how detections are read. */
const DETECTION_KEYS = [
  'minQds',
  'superseded',
  'scannedWithinDays',
  'pageSize',
  'responseTimeout',
  'kbCache',
  'kbMaxAgeDays',
  'detectionApiVersion',
  'kbApiVersion',
] as const;

/** What is longer is like no key. */
const LONGEST_SPELLING = 50;

const KEY_OF_SPELLING = new Map(
  NAMED_KEYS.flatMap(([name, key]) =>
    [key.name, ...key.aliases].map((spelling) => [spelling, { name, key }] as const),
  ),
);

/**
 * Reads and checks QualysGuard.yaml. Paths in it are taken from the file's own directory.
 * @param required the keys that this run cannot do without
 * @param text what it is to say, in place of what it says
 * @throws the classes of errors.ts: one for all that is wrong
 */
export async function readQualysConfig<Name extends KeyName>(
  file: string,
  required: readonly Name[],
  text?: string,
): Promise<ConfigWith<Exclude<Name, 'userId' | 'templateId'>>> {
  const entries = text === undefined ? await readYamlEntries(file) : yamlEntries(text, file);
  const { written, faults } = readAll(file, entries);
  for (const name of required) {
    const key = KEYS[name];
    // An OAuth client stands in for the user, and detections are of no template.
    if (name === 'userId' && written.has('clientId')) continue;
    if (name === 'templateId' && ofDetections(written)) continue;
    if (!written.has(name)) faults.push(new MissingKeyError({ file }, key.name, key.allowed));
    // Who has not begun to fill the file in is told of all that is lacking; else there may be somebody to ask.
    if (name === 'userId' && !written.has(name) && !hasPassword(written)) {
      faults.push(new MissingKeyError({ file }, KEYS.password.name, KEYS.password.allowed));
    }
  }
  faults.push(...SECRETS.flatMap(({ ways, what }) => secretFaults(file, written, ways, what)));
  const onlyKev = written.get('onlyKev');
  if (onlyKev?.read === true && !written.has('kevFile')) {
    const { name, allowed } = KEYS.kevFile;
    const why = "'only_kev: y' leaves out all that this list does not name";
    faults.push(new MissingKeyError({ file, line: onlyKev.line }, name, allowed, why));
  }
  faults.push(...serverFaults(file, written));
  faults.push(...clientFaults(file, written), ...scopeFaults(file, written), ...sourceFaults(file, written));
  const proxy = proxyWithPort(file, written, faults);
  const wrong = oneOfAll(file, faults);
  if (wrong) throw wrong;
  const values = Object.fromEntries([...written].map(([name, { read }]) => [name, read]));
  const knownExploited = await knownExploitedIn(written.get('kevFile')?.read);
  return { ...DEFAULTS, ...values, file, proxy, knownExploited } as ConfigWith<
    Exclude<Name, 'userId' | 'templateId'>
  >;
}

function hasPassword(written: AllWritten): boolean {
  return Boolean(process.env.QUALYS_PASSWORD) || SECRETS[0].ways.some((name) => written.has(name));
}

async function knownExploitedIn(file: unknown): Promise<ReadonlySet<string> | undefined> {
  if (typeof file !== 'string') return undefined;
  const { readKnownExploited } = await import('./known-exploited.ts');
  return readKnownExploited(file);
}

/** The command of one key, where it can be read, whatever else is wrong with the file. Never rejects. */
export async function readCommand(
  file: string,
  name: 'onFailure' | 'pkcs12PasswordCommand',
): Promise<Words | undefined> {
  const entries = await readYamlEntries(file).catch(() => []);
  const value = readAll(file, entries).written.get(name)?.read;
  return value as KeyValues[typeof name];
}

function readAll(
  file: string,
  entries: readonly YamlEntry[],
): { readonly written: AllWritten; readonly faults: ConnectorError[] } {
  const written = new Map<KeyName, Written>();
  const faults: ConnectorError[] = [];
  for (const entry of entries) {
    const known = KEY_OF_SPELLING.get(entry.key.toLowerCase());
    if (!known) {
      // What is not told is not looked for: a search takes its time.
      const nearest = faults.length < MOST_FAULTS ? nearestKey(entry.key) : undefined;
      faults.push(new UnknownKeyError({ file, line: entry.line }, entry.key, nearest));
      continue;
    }
    // A key without a value is a key left at its default.
    if (entry.value.trim() === '' && !entry.items && !entry.blocks) continue;
    const { name, key } = known;
    if (entry.blocks && !key.blocks) {
      const place = { file, line: entry.line };
      faults.push(new ConfigSyntaxError(place, 'a value is itself a block or a list in brackets'));
      continue;
    }
    if (!key.words && entry.items?.some((item) => item.includes(','))) {
      const place = { file, line: entry.line };
      faults.push(new ConfigSyntaxError(place, 'a comma stands within an item of a list'));
      continue;
    }
    const read = readValue(entry, key, dirname(file));
    const fault = faultOf({ ...entry, read }, written.get(name), key, file);
    if (fault) faults.push(fault);
    if (!written.has(name)) written.set(name, { ...entry, read });
  }
  return { written, faults };
}

function readValue({ value, items, blocks }: YamlEntry, key: ConfigKey, directory: string): unknown {
  return items && !key.list
    ? undefined
    : key.read(key.secret ? value : value.trim(), directory, items, blocks);
}

/** @param earlier what the file said of the same key before */
function faultOf(
  { key: spelling, value, items, line, read }: Written,
  earlier: Written | undefined,
  key: ConfigKey,
  file: string,
): ConnectorError | undefined {
  const place = { file, line };
  if (earlier?.key === spelling) return new RepeatedKeyError(place, spelling, earlier.line);
  if (earlier) return new ContradictingKeysError(place, earlier.key, spelling, `the ${key.name}`);
  if (read !== undefined) return undefined;
  const shown = items ? `[${value}]` : withoutLogin(value.trim());
  const why = key.wrong?.(value);
  const allowed = why === undefined ? key.allowed : `${key.allowed}: ${why}`;
  return new InvalidValueError(place, spelling, key.secret ? '***' : shown, allowed);
}

/** Who puts user and password into an address shall not find them in a log. */
function withoutLogin(text: string): string {
  return text.replace(/^(.*?:\/\/)?.*@/s, '$1***@');
}

/** The canonical name of the key with the nearest spelling, where at most a quarter of the letters differ. */
function nearestKey(spelling: string): string | undefined {
  if (spelling.length > LONGEST_SPELLING) return undefined;
  const word = spelling.toLowerCase();
  const nearest = closest(word, [...KEY_OF_SPELLING.keys()]);
  const near = distance(word, nearest) <= Math.max(1, word.length / 4);
  return near ? KEY_OF_SPELLING.get(nearest)?.key.name : undefined;
}

/** What is wrong where a secret is given in several ways. */
function secretFaults(
  file: string,
  written: AllWritten,
  ways: readonly KeyName[],
  what: string,
): ConnectorError[] {
  const [first, ...others] = ways.flatMap((name) => written.get(name) ?? []);
  if (!first) return [];
  return others.map(({ key, line }) => new ContradictingKeysError({ file, line }, first.key, key, what));
}

/** What is wrong with single Management Centers of the list. */
function serverFaults(file: string, written: AllWritten): ConnectorError[] {
  const { read, line } = written.get('servers') ?? {};
  return (Array.isArray(read) ? read : []).flatMap((server: unknown, index) =>
    typeof server === 'string' ? new ServerEntryError({ file, line }, index + 1, server) : [],
  );
}

/**
 * The Management Centers that the file lists, as far as they can be read: none of them where the file is there and cannot
 * be; undefined: it lists none. A pipe is left to the run, which could read nothing after this. Never rejects.
 */
export async function readServers(file: string): Promise<readonly ListedServer[] | undefined> {
  const isPipe = await stat(file).then(
    (status) => !status.isFile(),
    () => false,
  );
  if (isPipe) return undefined;
  const entries = await readYamlEntries(file).catch((error: unknown) =>
    error instanceof ConfigFileNotFoundError ? [] : undefined,
  );
  if (!entries) return [];
  const value = readAll(file, entries).written.get('servers')?.read as KeyValues['servers'];
  return value?.filter((server) => typeof server !== 'string');
}

/** What is wrong with the keys of an OAuth client, which logs in in a user's place. */
function clientFaults(file: string, written: AllWritten): ConnectorError[] {
  const faults: ConnectorError[] = [];
  const client = written.get('clientId');
  const [user] = (['userId', ...SECRETS[0].ways] as const).flatMap((name) => written.get(name) ?? []);
  const [secret] = SECRETS[1].ways.flatMap((name) => written.get(name) ?? []);
  if (client && user) {
    const place = { file, line: client.line };
    faults.push(new ContradictingKeysError(place, user.key, client.key, 'how to log in at Qualys'));
  }
  if (secret && !client) {
    faults.push(new MissingKeyError({ file, line: secret.line }, KEYS.clientId.name, KEYS.clientId.allowed));
  }
  return faults;
}

/** What is wrong with the keys that choose hosts: Qualys takes either tags, or addresses and asset groups (API guide). */
function scopeFaults(file: string, written: AllWritten): ConnectorError[] {
  const faults: ConnectorError[] = [];
  const byAddress = written.get('ips') ?? written.get('assetGroups');
  const tags = written.get('tags');
  const excluded = written.get('excludeTags');
  if (excluded && !tags) {
    faults.push(new MissingKeyError({ file, line: excluded.line }, KEYS.tags.name, KEYS.tags.allowed));
  }
  if (byAddress && tags) {
    faults.push(
      new ContradictingKeysError(
        { file, line: tags.line },
        byAddress.key,
        tags.key,
        'which hosts a report is of',
      ),
    );
  }
  const [chosen] = SCOPE_KEYS.flatMap((name) => written.get(name) ?? []);
  if (chosen && written.get('api')?.read === 'v1' && !ofDetections(written)) {
    faults.push(new ScopeWithoutLaunchError({ file, line: chosen.line }, chosen.key, 'api: v1'));
  }
  return faults;
}

function ofDetections(written: AllWritten): boolean {
  return written.get('source')?.read === 'detection';
}

/** What is written for the source that is not chosen, and would change nothing. */
function sourceFaults(file: string, written: AllWritten): ConnectorError[] {
  const assetGroups = written.get('assetGroups');
  if (ofDetections(written)) {
    const keep = written.get('keepReport');
    return [
      ...(keep?.read === true ? [new NothingToKeepError({ file, line: keep.line }, keep.key)] : []),
      ...reuseFaults(file, written, 'source: detection'),
    ];
  }
  const misplaced: ConnectorError[] = DETECTION_KEYS.flatMap((name) => {
    const found = written.get(name);
    return found && found.read !== DEFAULTS[name]
      ? [new KeyOfOtherSourceError({ file, line: found.line }, found.key, 'detection')]
      : [];
  });
  if (written.get('api')?.read === 'v1') misplaced.push(...reuseFaults(file, written, 'api: v1'));
  if (assetGroups?.read === undefined || areNumbers(assetGroups.read)) return misplaced;
  const { key, value, line } = assetGroups;
  const allowed = 'a list of the numbers of asset groups, e.g. 1111,2222: a report takes no titles';
  return [...misplaced, new InvalidValueError({ file, line }, key, value.trim(), allowed)];
}

function reuseFaults(file: string, written: AllWritten, instead: string): ConnectorError[] {
  const reuse = written.get('reuseMinutes');
  if (reuse === undefined || reuse.read === DEFAULTS.reuseMinutes) return [];
  return [new NothingToReuseError({ file, line: reuse.line }, reuse.key, instead)];
}

function areNumbers(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => /^[1-9]\d{0,17}$/.test(String(item)));
}

/** @throws TemplatesOfDetectionsError where several templates are to be processed and the source has none */
export function refuseTemplates(config: QualysConfig): void {
  if (config.source === 'detection') throw new TemplatesOfDetectionsError(config);
}

/** @throws ScopeWithoutLaunchError where keys choose hosts for a report that comes from disk */
export function refuseScope(config: QualysConfig): void {
  const chosen = SCOPE_KEYS.find((name) => config[name] !== undefined);
  if (chosen !== undefined) throw new ScopeWithoutLaunchError(config, KEYS[chosen].name, '-report');
}

/** The proxy's URL, with the port that may stand in a key of its own. @param faults takes what is wrong with the two */
function proxyWithPort(file: string, written: AllWritten, faults: ConnectorError[]): string | undefined {
  const proxy = written.get('proxy');
  const port = written.get('proxyPort');
  const place = { file, line: port?.line };
  if (port && !proxy) faults.push(new MissingKeyError(place, KEYS.proxy.name, KEYS.proxy.allowed));
  if (typeof proxy?.read !== 'string') return undefined;
  const url = new URL(proxy.read);
  if (port && url.port) {
    faults.push(new ContradictingKeysError(place, proxy.key, port.key, "the proxy's port"));
  } else if (typeof port?.read === 'number') url.port = String(port.read);
  return url.href.replace(/\/$/, '');
}
