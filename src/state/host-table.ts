import { addressOfKey, writeAddressKey } from './address-key.ts';

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
} as const;

/**
 * Hosts by their addresses, a few dozen bytes each: there are hundreds of thousands, and what is said of them would fill a
 * heap of objects. Each column has the values of all hosts by their numbers; a digest and a key are four values wide.
 */
export class HostTable {
  length = 0;
  keys = new Uint32Array(0);
  marks = new Uint16Array(0);
  /** Of its units, as last acknowledged. */
  digests = new Uint32Array(0);
  units = new Uint32Array(0);
  /** When it was last sent, by the count of runs. */
  sequences = new Uint32Array(0);
  /** Its findings in the state file: number of the first, and how many. */
  offsets = new Uint32Array(0);
  findings = new Uint32Array(0);
  /** When another source last sent it; 0: none did. */
  otherSequences = new Uint32Array(0);
  /** Of its units in this run's input. */
  digestsNow = new Uint32Array(0);
  unitsNow = new Uint32Array(0);
  /** Units that are passed on and not acknowledged. */
  outstanding = new Uint32Array(0);
  /** The newest segment of its findings in this run's input, from 1; 0: none. */
  segments = new Uint32Array(0);
  /** Numbers of hosts, from 1, by the hash of their keys. */
  #slots = new Uint32Array(16);
  readonly #key = new Uint32Array(4);

  constructor(capacity: number) {
    this.#resize(Math.max(16, Math.ceil(capacity * 1.05)));
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
    if (this.length === this.marks.length) this.#resize(Math.ceil(this.length * 1.25) + 64);
    const host = this.length++;
    this.keys.set(keys.subarray(at, at + 4), host * 4);
    this.#slots[this.#slotOf(keys, at)] = host + 1;
    return host;
  }

  address(host: number): string {
    return addressOfKey(this.keys, host * 4);
  }

  has(host: number, mark: number): boolean {
    return ((this.marks[host] ?? 0) & mark) !== 0;
  }

  set(host: number, mark: number): void {
    this.marks[host] = (this.marks[host] ?? 0) | mark;
  }

  clear(host: number, mark: number): void {
    this.marks[host] = (this.marks[host] ?? 0) & ~mark;
  }

  sameDigest(host: number): boolean {
    for (let at = host * 4; at < host * 4 + 4; at++) {
      if (this.digests[at] !== this.digestsNow[at]) return false;
    }
    return true;
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
    for (let index = 0; index < 4; index++) {
      if (this.keys[host * 4 + index] !== keys[at + index]) return false;
    }
    return true;
  }

  #resize(capacity: number): void {
    this.keys = longer(this.keys, capacity * 4);
    const marks = new Uint16Array(capacity);
    marks.set(this.marks);
    this.marks = marks;
    this.digests = longer(this.digests, capacity * 4);
    this.units = longer(this.units, capacity);
    this.sequences = longer(this.sequences, capacity);
    this.offsets = longer(this.offsets, capacity);
    this.findings = longer(this.findings, capacity);
    this.otherSequences = longer(this.otherSequences, capacity);
    this.digestsNow = longer(this.digestsNow, capacity * 4);
    this.unitsNow = longer(this.unitsNow, capacity);
    this.outstanding = longer(this.outstanding, capacity);
    this.segments = longer(this.segments, capacity);
    let slots = this.#slots.length;
    while (slots < capacity * 2) slots *= 2;
    this.#slots = new Uint32Array(slots);
    for (let host = 0; host < this.length; host++) {
      this.#slots[this.#slotOf(this.keys, host * 4)] = host + 1;
    }
  }
}

function longer(values: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(length);
  all.set(values);
  return all;
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
