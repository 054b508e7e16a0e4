import { isIPv4, isIPv6 } from 'node:net';

/** A host's address as host input takes it: IPv4, or IPv6 in its shortest form; undefined when neither text is one. */
export function hostAddress(ip: string, ip6: string): string | undefined {
  return oneAddress(ip6) ?? oneAddress(ip);
}

function oneAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  // A zone (fe80::1%eth0) means something on one machine only.
  return isIPv6(text) && !text.includes('%') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;
}
