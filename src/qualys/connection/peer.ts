/** Whom a connection goes to: the Qualys server or a proxy. */
export interface Peer {
  /** For messages: host, or host:port where the port is not the scheme's own. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** The key of the YAML that names it. */
  readonly setting: string;
}

export function peerOf({ host, hostname, port, protocol }: URL, setting: string): Peer {
  const address = hostname.replace(/^\[|\]$/g, '');
  return { name: host, address, port: Number(port) || (protocol === 'https:' ? 443 : 80), setting };
}
