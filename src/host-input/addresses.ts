import { isIP } from 'node:net';

/** An IPv4 or IPv6 address. A zone (fe80::1%eth0) means something on one machine only. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** Addresses, CIDR blocks and ranges, joined by commas. @returns the first item that is none; undefined: all are */
export function badAddressItem(list: string): string | undefined {
  return list
    .split(',')
    .map((item) => item.trim())
    .find((item) => !isAddressItem(item));
}

function isAddressItem(item: string): boolean {
  const [first = '', last] = item.split('-').map((end) => end.trim());
  if (last !== undefined) return isAddress(first) && isAddress(last) && isIP(first) === isIP(last);
  const [address = '', bits] = item.split('/');
  if (!isAddress(address)) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
}
