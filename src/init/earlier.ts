/** What an earlier -init, or a person, has set up in the directory. */
import { resolve } from 'node:path';
import { type QualysConfig, readQualysConfig } from '../config/read-qualys-config.ts';
import { readYamlText } from '../config/yaml-entries.ts';
import { ConnectorError } from '../connector-error.ts';
import type { ListedServer } from '../management-center/connection/server-list.ts';
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
    return { text, config, run, centers: centersOf(config, run) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return error.message;
  }
}

/** As a run takes them: -server goes before the list of the YAML. */
function centersOf({ servers }: QualysConfig, { crontab: words }: EarlierRun): EarlierCenter[] {
  const path = (name: string): string | undefined => {
    const value = valueIn(words, name);
    return value === undefined ? undefined : resolve(value);
  };
  const common = { pkcs12: path('pkcs12'), passwordFile: path('passwordfile') };
  const server = valueIn(words, 'server');
  if (server !== undefined && !server.includes(',')) {
    return [{ host: server, port: valueIn(words, 'port'), ...common }];
  }
  return (servers ?? []).flatMap((listed) => {
    if (typeof listed === 'string') return [];
    const { address, port, pkcs12, passwordFile } = listed;
    return {
      host: address,
      port: port === undefined ? valueIn(words, 'port') : String(port),
      pkcs12: pkcs12 ?? common.pkcs12,
      passwordFile: passwordFile ?? (pkcs12 === undefined ? common.passwordFile : undefined),
      listed,
    };
  });
}

type Address = Pick<EarlierCenter, 'host' | 'port'>;

/** The one that is meant by an address. */
export function earlierCenter(earlier: Earlier | undefined, address: Address): EarlierCenter | undefined {
  return earlier?.centers.find((center) => identityOf(center) === identityOf(address));
}

/** The same for two spellings of one. */
export function identityOf({ host, port }: Address): string {
  return serverOf({ server: host, port: Number(port ?? USUAL_PORT) });
}
