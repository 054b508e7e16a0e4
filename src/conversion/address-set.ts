import { isIPv4 } from 'node:net';

/** An address is four words of 32 bits; an IPv4 address is the IPv6 address ::ffff:a.b.c.d, as everywhere. */
const WORDS = 4;

/**
 * The addresses that conversions have met, in a table of plain numbers: 16 bytes each and as much again free, where a
 * `Set` of texts takes five times that. A report may hold a million hosts.
 */
export class AddressSet {
  #words = new Uint32Array(64 * WORDS);
  #size = 0;
  /** The address `::` looks like a free place. */
  #unspecified = false;

  /** `address` as hostAddress gives it. */
  add(address: string): void {
    const words = wordsOf(address);
    if (isFree(words, 0)) {
      this.#unspecified = true;
      return;
    }
    const place = placeOf(this.#words, words);
    if (isFree(this.#words, place)) {
      this.#words.set(words, place);
      this.#size += 1;
      this.#growWhenHalfFull();
    }
  }

  has(address: string): boolean {
    const words = wordsOf(address);
    return isFree(words, 0) ? this.#unspecified : !isFree(this.#words, placeOf(this.#words, words));
  }

  #growWhenHalfFull(): void {
    if (this.#size * WORDS * 2 <= this.#words.length) {
      return;
    }
    const larger = new Uint32Array(this.#words.length * 2);
    for (let at = 0; at < this.#words.length; at += WORDS) {
      if (!isFree(this.#words, at)) {
        const words = this.#words.subarray(at, at + WORDS);
        larger.set(words, placeOf(larger, words));
      }
    }
    this.#words = larger;
  }
}

/** The place that holds the address, or the free one where it belongs. */
function placeOf(table: Uint32Array, words: Uint32Array): number {
  let mixed = 0;
  for (const word of words) {
    mixed = Math.imul(mixed ^ word, 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  const places = table.length / WORDS;
  let place = (mixed & (places - 1)) * WORDS;
  while (!isFree(table, place) && !words.every((word, index) => table[place + index] === word)) {
    place = (place + WORDS) % table.length;
  }
  return place;
}

function isFree(table: Uint32Array, place: number): boolean {
  return table[place] === 0 && table[place + 1] === 0 && table[place + 2] === 0 && table[place + 3] === 0;
}

function wordsOf(address: string): Uint32Array {
  if (isIPv4(address)) {
    let word = 0;
    for (const part of address.split('.')) {
      word = word * 256 + Number(part);
    }
    return Uint32Array.of(0, 0, 0xffff, word);
  }
  const [head = '', tail] = address.split('::');
  const first = groups(head);
  const last = groups(tail ?? '');
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Uint32Array.from(
    { length: WORDS },
    (_, index) => (all[index * 2] ?? 0) * 65_536 + (all[index * 2 + 1] ?? 0),
  );
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
