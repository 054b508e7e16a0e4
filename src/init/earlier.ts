/** What an earlier -init, or a person, has set up in the directory. */
import { isAscii, isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type QualysConfig, readQualysConfig } from '../config/read-qualys-config.ts';
import { readYamlText } from '../config/yaml-entries.ts';
import { ConnectorError } from '../connector-error.ts';
import { isList, type ListedServer } from '../management-center/connection/server-list.ts';
import { serverOf } from '../run-lock.ts';
import { type EarlierRun, readEarlierRun, valueIn } from './earlier-run.ts';
import { isFillable } from './yaml.ts';

export const USUAL_PORT = 8307;

/** A Management Center, with what it has of its own. */
export interface EarlierCenter {
  readonly host: string;
  readonly port: string | undefined;
  readonly pkcs12: string | undefined;
  readonly passwordFile: string | undefined;
  /** What the YAML has of it, where it lists it. */
  readonly listed?: ListedServer;
}

export interface Earlier {
  /** The text of its YAML, in which answers are written. */
  readonly text: string;
  /** How the text is written into the file. */
  readonly encoded: (text: string) => Buffer;
  readonly config: QualysConfig;
  readonly run: EarlierRun;
  readonly centers: readonly EarlierCenter[];
}

/**
 * @param file the YAML, which is there
 * @returns why it answers nothing, where it cannot be read, or not be changed line by line
 */
export async function readEarlier(file: string, directory: string): Promise<Earlier | string> {
  try {
    const text = await readYamlText(file);
    const config = await readQualysConfig(file, [], text);
    if (!isFillable(text)) return 'Its keys do not each begin a line.';
    const run = readEarlierRun(directory);
    return { text, encoded: encodingOf(file, text), config, run, centers: centersOf(config, run) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return error.message;
  }
}

/** Of a file that is there: what stays as it is keeps its bytes. */
function encodingOf(file: string, text: string): Earlier['encoded'] {
  // A pipe gives its text only once.
  const bytes = statSync(file).isFile() ? readFileSync(file) : Buffer.from(text);
  if (bytes.equals(withMark(text))) return withMark;
  return bytes.equals(Buffer.from(text)) ? (filled) => Buffer.from(filled) : inLatin1;
}

function withMark(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`);
}

/** Where that would be read as it is meant; else in UTF-8. */
function inLatin1(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const isRead = bytes.toString('latin1') === text && (!isUtf8(bytes) || isAscii(bytes));
  return isRead ? bytes : Buffer.from(text);
}

/** As a run takes them: -server goes before the list of the YAML. */
function centersOf({ servers }: QualysConfig, { crontab: words }: EarlierRun): EarlierCenter[] {
  // Any other is taken from a directory, or has a variable in it, that only cron's shell knows.
  const path = (name: string): string | undefined => {
    const value = valueIn(words, name);
    return value !== undefined && isAbsolute(value) ? value : undefined;
  };
  const common = { pkcs12: path('pkcs12'), passwordFile: path('passwordfile') };
  const usualPort = valueIn(words, 'port');
  const server = valueIn(words, 'server');
  if (server !== undefined) {
    return addressesIn(server).map(({ host, port = usualPort }) => ({ host, port, ...common }));
  }
  return (servers ?? []).flatMap((listed) => {
    if (typeof listed === 'string') return [];
    const { address, port, pkcs12, passwordFile } = listed;
    return {
      host: address,
      port: port === undefined ? usualPort : String(port),
      pkcs12: pkcs12 ?? common.pkcs12,
      passwordFile: passwordFile ?? (pkcs12 === undefined ? common.passwordFile : undefined),
      listed,
    };
  });
}

/** Where a Management Center is reached. */
export type Address = Pick<EarlierCenter, 'host' | 'port'>;

/** Of one, or of several joined by commas; what has no port stays as it is. */
export function addressesIn(text: string): Address[] {
  const all = text.replaceAll(/\s/g, '');
  return isList(all) ? all.split(',').map(parted) : [parted(all)];
}

/** `name:8307` and `[2001:db8::1]:8307` in their parts. */
function parted(server: string): Address {
  const [, host, port] = /^(\[[^\]]*\]|[^:]+):(\d{1,5})$/.exec(server) ?? [];
  return { host: host ?? server, port };
}

/**
 * The one that is meant by an address; with another port it is still the same one.
 * @param all the addresses that were answered
 */
export function earlierCenter(
  earlier: Earlier | undefined,
  address: Address,
  all: readonly Address[],
): EarlierCenter | undefined {
  const centers = earlier?.centers ?? [];
  const same = centers.find((center) => identityOf(center) === identityOf(address));
  if (same) return same;
  const isOfHost = ({ host }: Address): boolean =>
    identityOf({ host, port: address.port }) === identityOf(address);
  const [only, another] = centers.filter(isOfHost);
  return another || all.filter(isOfHost).length > 1 ? undefined : only;
}

/** The same for two spellings of one. */
export function identityOf({ host, port }: Address): string {
  return serverOf({ server: host, port: Number(port ?? USUAL_PORT) });
}
