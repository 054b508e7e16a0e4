import { type ParsedElement, parseElement } from './parse-element.ts';

/** Elements longer than this are seldom the same twice. */
const LONGEST = 256;
/** Entries kept; then it starts anew, so that a hostile report cannot fill the memory. */
const MOST = 16_384;

interface Entry<T> {
  readonly bytes: Buffer;
  readonly value: T;
}

/**
 * Values of elements, remembered by the elements' bytes: a report repeats a few hundred small elements
 * (`<TYPE>Vuln</TYPE>`) millions of times, and looking one up is fifty times as fast as parsing it again.
 */
export class Remembered<T> {
  readonly #read: (element: ParsedElement) => T;
  readonly #entries = new Map<number, Entry<T>>();

  constructor(read: (element: ParsedElement) => T) {
    this.#read = read;
  }

  valueOf(bytes: Buffer, start: number, end: number): T {
    if (end - start > LONGEST) return this.#read(parseElement(bytes, start, end));
    let key = hash(bytes, start, end);
    for (let entry = this.#entries.get(key); entry !== undefined; entry = this.#entries.get(key)) {
      if (sameBytes(entry.bytes, bytes, start, end)) return entry.value;
      key = (key + 1) & 0x3fff_ffff;
    }
    return this.#remember(key, bytes, start, end);
  }

  #remember(key: number, bytes: Buffer, start: number, end: number): T {
    if (this.#entries.size >= MOST) this.#entries.clear();
    const value = this.#read(parseElement(bytes, start, end));
    // A copy: a part of the window would keep all of it in memory, and change with it.
    this.#entries.set(key, { bytes: Buffer.from(bytes.subarray(start, end)), value });
    return value;
  }
}

/** FNV-1a, cut to 30 bits, which V8 holds without a box. */
function hash(bytes: Buffer, start: number, end: number): number {
  let mixed = 0x811c9dc5;
  for (let at = start; at < end; at++) {
    mixed = Math.imul(mixed ^ (bytes[at] ?? 0), 0x01000193);
  }
  return (mixed ^ (mixed >>> 15)) & 0x3fff_ffff;
}

function sameBytes(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
