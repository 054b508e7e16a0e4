import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * Whether the connection comes from the host that its certificate names, and the certificate was made for host input:
 * a real appliance closes the connection without a word otherwise (eStreamer guide 5.3, p. 18).
 */
export async function peerFits(socket: TLSSocket): Promise<boolean> {
  const subject: { readonly title?: unknown; readonly CN?: unknown } = {
    ...socket.getPeerCertificate().subject,
  };
  if (subject.title !== 'hostinputd' || typeof subject.CN !== 'string') return false;
  const peer = plainAddress(socket.remoteAddress ?? '');
  return (await addressesOf(subject.CN)).includes(peer);
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** An IPv4 peer of an IPv6 socket shows as ::ffff:192.0.2.1. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
