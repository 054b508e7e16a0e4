/** Several Management Centers in one run: how they are written. */
import { BadServerError } from './errors.ts';
import { parseTarget } from './target.ts';

/** One Management Center of several, with what is its own; what is undefined is as the options say it. */
export interface ListedServer {
  /** As it was written. */
  readonly address: string;
  /** Undefined: that of -port. */
  readonly port: number | undefined;
  /** The path of its certificate file. */
  readonly pkcs12?: string | undefined;
  /** The path of a file whose first line is the password of that. */
  readonly passwordFile?: string | undefined;
  /** Of its own certificate, as parseFingerprint gives it. */
  readonly fingerprint?: string | undefined;
  /** The domain that hosts are put into. */
  readonly domain?: string | undefined;
}

/** What holds for all of them. */
interface Common {
  readonly port: number;
  readonly ipv6: boolean;
}

/**
 * Reads -server: one address, or several joined by commas, of which each may have a port, `a,b:8307,[2001:db8::1]:8307`.
 * @throws BadServerError
 */
export function parseServers(text: string, { port, ipv6 }: Common): ListedServer[] {
  if (isList(text)) return text.split(',').map((item) => parseListed(item.trim(), ipv6));
  parseTarget(text, port, ipv6);
  return [{ address: text, port }];
}

/** Whether -server names several. */
export function isList(server: string | undefined): boolean {
  return server?.includes(',') === true;
}

/** One of several, which may have a port. @throws BadServerError */
export function parseListed(item: string, ipv6 = false): ListedServer {
  const [, address = item, digits] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw new BadServerError(item, 'a port is a number from 1 to 65535');
  }
  parseTarget(address, port ?? ANY_PORT, ipv6);
  return { address, port };
}

/** It has no part in what an address is. */
const ANY_PORT = 8307;
