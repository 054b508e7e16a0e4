import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { BadServerError } from './errors.ts';

/** Where the Management Center is. */
export interface Target {
  /** As the user wrote it, for messages. */
  readonly server: string;
  /** A host name (ASCII), an IPv4 address, or an IPv6 address without brackets, its zone included. */
  readonly host: string;
  readonly port: number;
  /** Speak IPv6 only. */
  readonly ipv6: boolean;
}

/**
 * Where -server, -port and -ipv6 lead.
 * @throws BadServerError
 */
export function parseTarget(server: string, port: number, ipv6: boolean): Target {
  const host = parseServer(server);
  if (ipv6 && isIPv4(host)) throw new BadServerError(server, 'it is an IPv4 address, but -ipv6 is given');
  return { server, host, port, ipv6 };
}

/**
 * Reads -server.
 * @param server `fmc.example.com`, `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`, `fe80::1%eth0`
 * @returns a host name in ASCII, or an address without brackets
 * @throws BadServerError
 */
function parseServer(server: string): string {
  return readAddress(server) ?? readName(server);
}

function readAddress(server: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(server)?.[1];
  if (bare !== undefined && !isIPv6(bare)) {
    throw new BadServerError(server, 'in brackets belongs an IPv6 address');
  }
  const address = bare ?? server;
  return isIPv4(address) || isIPv6(address) ? address : undefined;
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** What no host name has: ASCII other than letters, digits, hyphen, underscore and dot. */
const FOREIGN = /[^\w.\-\u{80}-\u{10ffff}]/u;

const ENDS_IN_A_NUMBER = /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i;

function readName(server: string): string {
  if (server === '') throw new BadServerError(server, 'it is empty');
  if (server.includes('//')) throw new BadServerError(server, 'it is a URL');
  if (/^(\[.*\]|[^:]+):\d+$/.test(server)) throw new BadServerError(server, 'it has a port in it');
  // What the system would read as an address of some old form (10.1 is 10.0.0.1) is a slip of the finger.
  if (ENDS_IN_A_NUMBER.test(server)) throw new BadServerError(server, 'it is not a whole IPv4 address');
  // domainToASCII reads as a URL does, and would cut a path off.
  const name = FOREIGN.test(server) ? '' : domainToASCII(server).replace(/\.$/, '');
  if (name.length > 253 || !name.split('.').every((label) => LABEL.test(label))) {
    throw new BadServerError(server, 'it is neither a host name nor an address');
  }
  return name;
}
