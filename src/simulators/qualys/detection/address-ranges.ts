import { isIPv4 } from 'node:net';

/** IPv4 addresses and ranges, as a parameter lists them: `10.0.0.1,10.0.1.0-10.0.1.255`. */
export class AddressRanges {
  readonly #ranges: readonly (readonly [number, number])[];

  constructor(list: string) {
    this.#ranges = list.split(',').map((item) => {
      const [first = '', last = first] = item.split('-');
      return [numberOf(first), numberOf(last)];
    });
  }

  has(address: string): boolean {
    const number = numberOf(address);
    return this.#ranges.some(([first, last]) => first <= number && number <= last);
  }
}

export function isAddressRange(item: string): boolean {
  const ends = item.split('-');
  return ends.length <= 2 && ends.every((end) => isIPv4(end));
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
