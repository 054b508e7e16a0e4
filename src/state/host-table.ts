import { addressOfKey, writeAddressKey } from './address-key.ts';
import { Column } from './column.ts';

/** What is said of a host. The low byte is kept from run to run, the rest holds for one run. */
export const MARKS = {
  /** The Management Center has what the digest stands for, and nobody has touched it since. */
  valid: 1,
  /** It has acknowledged something of the host. */
  known: 2,
  /** The source had the host, but nothing to say of it. */
  silent: 4,
  /** The source does not have it any more. */
  gone: 8,
  /** What was sent added to what earlier templates of that run had sent, and did not replace it. */
  added: 16,
  kept: 255,

  /** This run's input has a unit of it. */
  seen: 256,
  silentNow: 512,
  /** A unit of it is passed on. */
  sent: 1024,
  /** Units of it wait for the end of the stream. */
  waits: 2048,
  /** Its first unit is not sent, since the Management Center has it. */
  spared: 4096,
  addsNow: 8192,
  /** Another source has it. */
  elsewhere: 16_384,
  /** Its digest of this run is that of last time. */
  same: 32_768,
  /** This run's input has it, and is told to leave it out: it is not compared. */
  excluded: 65_536,
  /** A unit of it takes away what was found earlier. */
  clears: 131_072,
  /** It has findings that it did not have last time. */
  gained: 262_144,
} as const;

/**
 * Hosts by their addresses, a few dozen bytes each: there are hundreds of thousands, and what is said of them would fill a
 * heap of objects. Each column has the values of all hosts by their numbers; one that this run has no use for takes nothing.
 */
export class HostTable {
  length = 0;
  readonly marks = new Column();
  readonly units = new Column();
  /** When it was last sent, by the count of runs. */
  readonly sequences = new Column();
  /** Its findings in the state file: number of the first, and how many. */
  readonly offsets = new Column();
  readonly findings = new Column();
  /** When another source last sent it; 0: none did. */
  readonly otherSequences = new Column();
  /** Units in this run's input. */
  readonly unitsNow = new Column();
  /** The last 32 bits of its key, and the 96 before them, inverted: an IPv4 address has zeros there. */
  readonly #lows = new Column();
  readonly #highs = new Column();
  /** Of its units, as last acknowledged: four values each. */
  readonly #digests = new Column();
  /** Number, from 1, among the hosts that are not just as they were. The columns behind it are of those alone. */
  readonly #places = new Column();
  readonly #digestsNow = new Column();
  readonly #outstanding = new Column();
  readonly #segments = new Column();
  #placed = 0;
  /** Numbers of hosts, from 1, by the hash of their keys. */
  #slots: Uint32Array;
  readonly #key = new Uint32Array(4);

  /** @param capacity hosts that are known to come */
  constructor(capacity: number) {
    let slots = 64;
    while (isCrowded(capacity * 1.05, slots)) slots *= 2;
    this.#slots = new Uint32Array(slots);
  }

  /** The number of a host; -1: not known; undefined: the text is no address. */
  find(address: string): number | undefined {
    if (!writeAddressKey(address, this.#key)) return undefined;
    return this.findKey(this.#key, 0);
  }

  findKey(keys: Uint32Array, at: number): number {
    return (this.#slots[this.#slotOf(keys, at)] ?? 0) - 1;
  }

  /** The number of a host, which is made where it is not known; undefined: the text is no address. */
  findOrAdd(address: string): number | undefined {
    const found = this.find(address);
    return found === -1 ? this.addKey(this.#key, 0) : found;
  }

  /** @param keys of which the key, which is not known yet, begins at `at` */
  addKey(keys: Uint32Array, at: number): number {
    if (isCrowded(this.length + 1, this.#slots.length)) this.#spread(this.#slots.length * 2);
    const host = this.length++;
    for (let index = 0; index < 3; index++) this.#highs.set(host * 3 + index, ~(keys[at + index] ?? 0));
    this.#lows.set(host, keys[at + 3] ?? 0);
    this.#slots[this.#slotOf(keys, at)] = host + 1;
    return host;
  }

  /** Writes the four values of a host's key. */
  copyKey(host: number, target: Uint32Array, at: number): void {
    for (let index = 0; index < 3; index++) target[at + index] = ~this.#highs.get(host * 3 + index);
    target[at + 3] = this.#lows.get(host);
  }

  address(host: number): string {
    this.copyKey(host, this.#key, 0);
    return addressOfKey(this.#key, 0);
  }

  has(host: number, mark: number): boolean {
    return (this.marks.get(host) & mark) !== 0;
  }

  set(host: number, mark: number): void {
    this.marks.set(host, this.marks.get(host) | mark);
  }

  clear(host: number, mark: number): void {
    this.marks.set(host, this.marks.get(host) & ~mark);
  }

  /** Notes the digest of last time, of which four values begin at `at`. */
  setDigest(host: number, values: Uint32Array, at: number): void {
    for (let index = 0; index < 4; index++) this.#digests.set(host * 4 + index, values[at + index] ?? 0);
  }

  /** Writes the digest of last time. */
  copyDigest(host: number, target: Uint32Array, at: number): void {
    for (let index = 0; index < 4; index++) target[at + index] = this.#digests.get(host * 4 + index);
  }

  /** Notes the digest of this run's units so far. */
  setDigestNow(host: number, values: Uint32Array): void {
    let isSame = true;
    for (let index = 0; index < 4; index++) {
      if (this.#digests.get(host * 4 + index) !== values[index]) isSame = false;
    }
    if (isSame) {
      this.set(host, MARKS.same);
      return;
    }
    this.clear(host, MARKS.same);
    const place = this.#place(host);
    for (let index = 0; index < 4; index++) this.#digestsNow.set(place * 4 + index, values[index] ?? 0);
  }

  /** Writes the digest of this run's units. */
  copyDigestNow(host: number, target: Uint32Array, at: number): void {
    if (this.sameDigest(host)) {
      this.copyDigest(host, target, at);
      return;
    }
    const place = this.#places.get(host);
    for (let index = 0; index < 4; index++) target[at + index] = this.#digestsNow.get(place * 4 + index);
  }

  digestNow(host: number): Uint32Array {
    const digest = new Uint32Array(4);
    this.copyDigestNow(host, digest, 0);
    return digest;
  }

  sameDigest(host: number): boolean {
    return this.has(host, MARKS.same);
  }

  /** Units that are passed on and not acknowledged. */
  outstanding(host: number): number {
    return this.#outstanding.get(this.#places.get(host));
  }

  setOutstanding(host: number, count: number): void {
    this.#outstanding.set(this.#place(host), count);
  }

  /** All that is passed on is acknowledged. */
  clearOutstanding(): void {
    this.#outstanding.clear();
  }

  /** The newest segment of its findings in this run's input; 0: none. */
  segment(host: number): number {
    return this.#segments.get(this.#places.get(host));
  }

  setSegment(host: number, segment: number): void {
    this.#segments.set(this.#place(host), segment);
  }

  #place(host: number): number {
    const place = this.#places.get(host);
    if (place > 0) return place;
    this.#places.set(host, ++this.#placed);
    return this.#placed;
  }

  /** The slot that has the key, or the free one that it belongs into. */
  #slotOf(keys: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(keys, at) & mask; ; slot = (slot + 1) & mask) {
      const host = (this.#slots[slot] ?? 0) - 1;
      if (host < 0 || this.#isKey(host, keys, at)) return slot;
    }
  }

  #isKey(host: number, keys: Uint32Array, at: number): boolean {
    if (this.#lows.get(host) !== keys[at + 3]) return false;
    for (let index = 0; index < 3; index++) {
      if (~this.#highs.get(host * 3 + index) >>> 0 !== keys[at + index]) return false;
    }
    return true;
  }

  #spread(slots: number): void {
    this.#slots = new Uint32Array(slots);
    const key = new Uint32Array(4);
    for (let host = 0; host < this.length; host++) {
      this.copyKey(host, key, 0);
      this.#slots[this.#slotOf(key, 0)] = host + 1;
    }
  }
}

function isCrowded(hosts: number, slots: number): boolean {
  return hosts > slots * 0.75;
}

/** Addresses of one network differ in their last bits only. */
function hashOf(keys: Uint32Array, at: number): number {
  let hash = 0;
  for (let index = at; index < at + 4; index++) {
    hash = Math.imul(hash ^ (keys[index] ?? 0), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
