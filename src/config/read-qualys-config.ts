import { dirname } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { ContradictingKeysError, InvalidValueError, MissingKeyError, UnknownKeyError } from './errors.ts';
import { DEFAULTS, type KeyName, KEYS, type KeyValues, NAMED_KEYS } from './keys.ts';
import { readYamlEntries, type YamlEntry } from './yaml-entries.ts';

/** QualysGuard.yaml, read and checked: every value in the form that the program uses. */
export interface QualysConfig extends KeyValues {
  /** The file's path, for messages. */
  readonly file: string;
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

const KEY_OF_SPELLING = new Map(
  NAMED_KEYS.flatMap(([name, key]) =>
    [key.name, ...key.aliases].map((spelling) => [spelling, { name, key }] as const),
  ),
);

/**
 * Reads and checks QualysGuard.yaml. Paths in it are taken from the file's own directory.
 * @param required the keys that this run cannot do without
 * @throws the classes of errors.ts
 */
export async function readQualysConfig<Name extends KeyName>(
  file: string,
  required: readonly Name[],
): Promise<ConfigWith<Name>> {
  const written = readAll(file, await readYamlEntries(file));
  for (const name of required) {
    const key = KEYS[name];
    if (!written.has(name)) throw new MissingKeyError({ file }, key.name, key.allowed);
  }
  if (written.has('password') && written.has('passwordFile')) {
    throw new ContradictingKeysError({ file }, 'password', 'password_file', 'the password');
  }
  const values = Object.fromEntries([...written].map(([name, { read }]) => [name, read]));
  return { ...DEFAULTS, ...values, file, proxy: proxyWithPort(file, written) } as ConfigWith<Name>;
}

function readAll(file: string, entries: readonly YamlEntry[]): AllWritten {
  const written = new Map<KeyName, Written>();
  for (const entry of entries) {
    const place = { file, line: entry.line };
    const known = KEY_OF_SPELLING.get(entry.key.toLowerCase());
    if (!known) throw new UnknownKeyError(place, entry.key, nearestKey(entry.key));
    const { name, key } = known;
    // A key without a value is a key left at its default.
    const text = key.secret ? entry.value : entry.value.trim();
    if (text === '') continue;
    const earlier = written.get(name);
    if (earlier) throw new ContradictingKeysError(place, earlier.key, entry.key, `the ${key.name}`);
    const read = key.read(text, dirname(file));
    if (read === undefined) {
      throw new InvalidValueError(
        place,
        entry.key,
        key.secret ? "'***'" : `'${withoutLogin(text)}'`,
        key.allowed,
      );
    }
    written.set(name, { ...entry, read });
  }
  return written;
}

/** Who puts user and password into an address shall not find them in a log. */
function withoutLogin(text: string): string {
  return text.replace(/^(.*?:\/\/)?.*@/s, '$1***@');
}

/** The canonical name of the key whose spelling, or one of whose other spellings, is nearest. */
function nearestKey(spelling: string): string {
  const nearest = closest(spelling.toLowerCase(), [...KEY_OF_SPELLING.keys()]);
  return KEY_OF_SPELLING.get(nearest)?.key.name ?? nearest;
}

/** The proxy's URL, with the port that may stand in a key of its own. */
function proxyWithPort(file: string, written: AllWritten): string | undefined {
  const proxy = written.get('proxy');
  const port = written.get('proxyPort');
  if (!proxy) {
    if (port) throw new MissingKeyError({ file, line: port.line }, KEYS.proxy.name, KEYS.proxy.allowed);
    return undefined;
  }
  const url = new URL(String(proxy.read));
  if (port && url.port) {
    throw new ContradictingKeysError({ file, line: port.line }, proxy.key, port.key, "the proxy's port");
  }
  if (port) url.port = String(port.read);
  return url.href.replace(/\/$/, '');
}
