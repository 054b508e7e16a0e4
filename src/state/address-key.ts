/** Addresses as 16 bytes, in four numbers of 32 bits: what a host is known by in the state. */

/** An IPv4 address stands behind these 96 bits, which no IPv6 host has. */
const IPV4 = 0xffff_ffff;

/**
 * @param key takes the four numbers
 * @returns whether the text is an address; the many forms of an IPv6 address are one
 */
export function writeAddressKey(address: string, key: Uint32Array): boolean {
  if (address.includes(':')) return writeIpv6(address, key);
  const number = ipv4Number(address);
  if (number === undefined) return false;
  key.fill(IPV4, 0, 3);
  key[3] = number;
  return true;
}

function ipv4Number(address: string): number | undefined {
  const bytes = address.split('.');
  if (bytes.length !== 4 || bytes.some((byte) => !/^\d{1,3}$/.test(byte) || Number(byte) > 255)) {
    return undefined;
  }
  return bytes.reduce((number, byte) => number * 256 + Number(byte), 0);
}

function writeIpv6(address: string, key: Uint32Array): boolean {
  if (address.includes('%') || !URL.canParse(`http://[${address}]`)) return false;
  // The shortest form, in which an IPv4 address at the end is written in hexadecimal digits too.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const between = new Array<number>(8 - first.length - last.length).fill(0);
  const groups = [...first, ...between, ...last];
  for (let at = 0; at < 4; at++) key[at] = (groups[2 * at] ?? 0) * 65_536 + (groups[2 * at + 1] ?? 0);
  return true;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** The address in the form in which it is sent. @param keys of which it begins at `at` */
export function addressOfKey(keys: Uint32Array, at: number): string {
  const key = [...keys.subarray(at, at + 4)];
  const [, , , low = 0] = key;
  if (key.slice(0, 3).every((number) => number === IPV4)) {
    return [24, 16, 8, 0].map((shift) => (low >>> shift) & 255).join('.');
  }
  const groups = key.flatMap((number) => [number >>> 16, number & 0xffff].map((group) => group.toString(16)));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
