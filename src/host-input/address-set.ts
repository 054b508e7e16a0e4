import { isIPv4 } from 'node:net';
import { NumberSet } from './number-set.ts';

/** The addresses that a conversion has met. IPv4 takes some bytes each: a report may hold a million. */
export class AddressSet {
  readonly #ipv4 = new NumberSet();
  readonly #ipv6 = new Set<string>();

  /** `address` as hostAddress gives it. */
  add(address: string): void {
    if (isIPv4(address)) {
      this.#ipv4.add(numberOf(address));
    } else {
      this.#ipv6.add(address);
    }
  }

  has(address: string): boolean {
    return isIPv4(address) ? this.#ipv4.has(numberOf(address)) : this.#ipv6.has(address);
  }
}

/** 0.0.0.0 is 1: zero is the set's mark of a free slot. */
function numberOf(address: string): number {
  let number = 0;
  for (const part of address.split('.')) {
    number = number * 256 + Number(part);
  }
  return number + 1;
}
