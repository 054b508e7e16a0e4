import { withinTime } from '../../clock.ts';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { NameNotResolvedError, NameServerError, UnreachableError } from './errors.ts';
import { errorCode } from '../../files/system-reason.ts';
import type { Target } from './target.ts';

/** Finds a name's addresses; family 0 is both. */
export type Resolve = (host: string, family: 0 | 6) => Promise<readonly LookupAddress[]>;

/**
 * The addresses to try: IPv4 before IPv6, or IPv6 alone.
 * @param seconds how long to wait for the name server
 * @throws NameNotResolvedError, NameServerError, UnreachableError (unknown zone), the reason of `signal`
 */
export async function addressesOf(
  target: Target,
  seconds: number,
  signal: AbortSignal,
  resolve: Resolve = (host, family) => lookup(host, { all: true, family }),
): Promise<string[]> {
  if (isIP(target.host)) return [withKnownZone(target)];
  const late = () => new NameServerError(target);
  const found = await withinTime({ seconds, signal, late }, () =>
    resolve(target.host, target.ipv6 ? 6 : 0),
  ).catch((error: unknown) => {
    throw explain(target, error);
  });
  if (found.length === 0) throw new NameNotResolvedError(target);
  return found.toSorted((a, b) => a.family - b.family).map(({ address }) => address);
}

/** An unknown zone is left out by newer systems, and the address then looked for anywhere. */
function withKnownZone(target: Target): string {
  const zone = target.host.split('%')[1];
  if (zone === undefined || /^\d+$/.test(zone) || zone in networkInterfaces()) return target.host;
  throw new UnreachableError(target, `it has no network interface '${zone}'`);
}

function explain(target: Target, error: unknown): unknown {
  if (errorCode(error) === 'EAI_AGAIN') return new NameServerError(target, error);
  return /^E[A-Z_]+$/.test(errorCode(error)) ? new NameNotResolvedError(target, error) : error;
}
