/** How the Management Centers of `servers` are read. */
import { resolve } from 'node:path';
import { ConnectorError, happenedIn } from '../connector-error.ts';
import { parseFingerprint } from '../management-center/connection/fingerprint.ts';
import { type ListedServer, parseListed } from '../management-center/connection/server-list.ts';
import { domainName, integer, TEXT, type ValueSchema } from './values.ts';
import type { Block } from './yaml-entries.ts';

const KEYS = ['address', 'port', 'pkcs12', 'password_file', 'fingerprint', 'domain'] as const;
type Key = (typeof KEYS)[number];

const schema: ValueSchema = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: Object.fromEntries(KEYS.map((key) => [key, TEXT])),
      required: ['address'],
      additionalProperties: false,
    },
  ],
};

/** Each as it is to be used, or what is wrong with it: a clause after "entry 2". */
function read(
  text: string,
  directory: string,
  items: readonly string[] = text.split(','),
  blocks: readonly Block[] = items,
): readonly (ListedServer | string)[] {
  return blocks.map((block) => {
    try {
      return typeof block === 'string' ? parseListed(block.trim()) : serverIn(block, directory);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return `is wrong: ${happenedIn(error)}`;
    }
  });
}

export const servers = Object.assign(read, { schema });

function serverIn(block: Exclude<Block, string>, directory: string): ListedServer | string {
  const given = new Map<Key, string>();
  for (const [spelling, value] of block) {
    const key = KEYS.find((known) => known === spelling.toLowerCase());
    if (key === undefined) return `has a key '${spelling}'; there are ${KEYS.join(', ')}`;
    if (given.has(key)) return `says twice what its ${key} is`;
    if (value.trim() !== '') given.set(key, value.trim());
  }
  const address = given.get('address');
  if (address === undefined) return "has no 'address'";
  const server = parseListed(address);
  const port = numberOf(given.get('port'));
  if (port === 'wrong') return 'has a port that is no number from 1 to 65535';
  if (port !== undefined && server.port !== undefined) return 'has a port in its address, and another one';
  const domain = given.get('domain');
  if (domain !== undefined && domainName(domain) === undefined) {
    return 'has a domain that is not printable, or has commas or quotes in it';
  }
  const [pkcs12, passwordFile] = (['pkcs12', 'password_file'] as const).map((key) => {
    const path = given.get(key);
    return path === undefined ? undefined : resolve(directory, path);
  });
  const fingerprint = given.get('fingerprint');
  return {
    address: server.address,
    port: server.port ?? port,
    pkcs12,
    passwordFile,
    fingerprint: fingerprint === undefined ? undefined : parseFingerprint(fingerprint),
    domain,
  };
}

function numberOf(text: string | undefined): number | undefined | 'wrong' {
  return text === undefined ? undefined : (integer(1, 65_535)(text) ?? 'wrong');
}
