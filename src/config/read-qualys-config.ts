import { dirname, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import {
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigKeyName,
  isYes,
  proxyUrl,
  qualysBaseUrl,
  words,
} from './config-keys.ts';
import { ContradictingKeysError, InvalidValueError, MissingKeyError, UnknownKeyError } from './errors.ts';
import type { QualysConfig } from './qualys-config.ts';
import { Secret } from '../secrets/secret.ts';
import { readYamlEntries, type YamlEntry } from './yaml-entries.ts';

const keys: readonly ConfigKey[] = CONFIG_KEYS;
const keyOfSpelling = new Map(keys.flatMap((key) => [key.name, ...key.aliases].map((name) => [name, key])));

/** The values written in the file, by canonical key. */
type Written = Map<string, YamlEntry>;

/**
 * Reads and checks QualysGuard.yaml. Paths in it are taken from the file's own directory.
 * @param required the keys that this run cannot do without
 * @throws the classes of config-errors.ts
 */
export async function readQualysConfig(
  file: string,
  required: readonly ConfigKeyName[],
): Promise<QualysConfig> {
  const written = byCanonicalKey(file, await readYamlEntries(file));
  for (const name of required) {
    const key = keyNamed(name);
    if (!written.has(name)) throw new MissingKeyError({ file }, name, key.allowed);
  }
  return toConfig(file, written);
}

function byCanonicalKey(file: string, entries: readonly YamlEntry[]): Written {
  const written: Written = new Map();
  for (const entry of entries) {
    const place = { file, line: entry.line };
    const key = keyOfSpelling.get(entry.key.toLowerCase());
    if (!key) {
      throw new UnknownKeyError(place, entry.key, nearestKey(entry.key));
    }
    // A key without a value is a key left at its default.
    const value = key.secret ? entry.value : entry.value.trim();
    if (value === '') continue;
    const earlier = written.get(key.name);
    if (earlier) throw new ContradictingKeysError(place, earlier.key, entry.key, `the ${key.name}`);
    if (!key.fits(value)) {
      throw new InvalidValueError(place, entry.key, key.secret ? "'***'" : `'${value}'`, key.allowed);
    }
    written.set(key.name, { ...entry, value });
  }
  return written;
}

/** The canonical name of the key whose spelling, or one of whose other spellings, is nearest. */
function nearestKey(spelling: string): string {
  const nearest = closest(spelling.toLowerCase(), [...keyOfSpelling.keys()]);
  return keyOfSpelling.get(nearest)?.name ?? nearest;
}

function toConfig(file: string, written: Written): QualysConfig {
  const text = (name: ConfigKeyName): string | undefined =>
    written.get(name)?.value ?? (keyNamed(name).default || undefined);
  const value = (name: ConfigKeyName): string => text(name) ?? '';
  const path = (name: ConfigKeyName): string | undefined => {
    const given = text(name);
    return given === undefined ? undefined : resolve(dirname(file), given);
  };
  const secret = (name: ConfigKeyName): Secret | undefined => {
    const given = text(name);
    return given === undefined ? undefined : new Secret(given);
  };
  if (written.has('password') && written.has('password_file')) {
    throw new ContradictingKeysError({ file }, 'password', 'password_file', 'the password');
  }
  return {
    file,
    userId: text('user_id'),
    password: secret('password'),
    passwordFile: path('password_file'),
    templateId: text('template_id'),
    qualysServer: qualysBaseUrl(value('qualys_server')) ?? '',
    qualysCa: path('qualys_ca'),
    api: value('api').toLowerCase() === 'v1' ? 'v1' : 'v2',
    apiVersion: value('api_version'),
    pollInterval: Number(value('poll_interval')),
    reportTimeout: Number(value('report_timeout')),
    reportDir: path('report_dir'),
    keepReport: isYes(value('keep_report')),
    proxy: proxyWithPort(file, written),
    proxyUser: text('proxy_user'),
    proxyPassword: secret('proxy_password'),
    conversion: {
      addHost: isYes(value('add_host')),
      hostnameAttribute: text('set_hostname_attr'),
      osAttribute: text('set_os_attr'),
      findingTypes: new Set(words(value('finding_types'))),
      includeFixed: isYes(value('include_fixed')),
      minSeverity: Number(value('min_severity')),
      descriptionLength: Number(value('description_length')),
      mode: value('mode').toLowerCase() === 'update' ? 'update' : 'flush',
      clearCleanHosts: isYes(value('clear_clean_hosts')),
      domain: text('domain'),
      sourceType: isYes(value('source_type')),
    },
  };
}

/** The proxy's URL, with the port that may stand in a key of its own. */
function proxyWithPort(file: string, written: Written): string | undefined {
  const proxy = written.get('proxy');
  const port = written.get('proxy_port');
  if (!proxy) {
    if (port) throw new MissingKeyError({ file, line: port.line }, 'proxy', keyNamed('proxy').allowed);
    return undefined;
  }
  const url = new URL(proxyUrl(proxy.value) ?? '');
  if (port && url.port) {
    throw new ContradictingKeysError({ file, line: port.line }, proxy.key, port.key, "the proxy's port");
  }
  if (port) url.port = port.value;
  return url.href.replace(/\/$/, '');
}

function keyNamed(name: ConfigKeyName): ConfigKey {
  const key = keyOfSpelling.get(name);
  if (!key) throw new TypeError(`no such key: ${name}`);
  return key;
}
