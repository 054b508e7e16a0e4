import { ReadAhead } from '../files/read-ahead.ts';
import { Spill } from '../records/spill.ts';
import { FINDING_SIZE } from './state-file.ts';

/** Bytes that are held in memory. */
const IN_MEMORY = 1_048_576;

/**
 * The findings of this run's input, eight bytes each, in segments: a host that comes several times has several. Before the
 * findings of a segment stand their count and the host's segment before it, in eight bytes too. A segment's number is its
 * place, counted by eight bytes from 1.
 */
export class FindingSegments {
  readonly #spill = new Spill(IN_MEMORY);
  readonly #reader = new ReadAhead((target, position) => this.#spill.read(target, position));
  readonly #head = new Uint32Array(2);
  readonly #headBytes = new Uint8Array(this.#head.buffer);
  #findings = new Float64Array(64);

  /** @param next the host's segment before this one; 0: none. @returns the number of the new one */
  add(findings: readonly number[], next: number): number {
    if (findings.length === 0) return next;
    const number = this.#spill.length / FINDING_SIZE + 1;
    this.#spill.appendPair(findings.length, next);
    const numbers = this.#room(findings.length);
    for (let index = 0; index < findings.length; index++) numbers[index] = findings[index] ?? 0;
    this.#spill.append(new Uint8Array(numbers.buffer, 0, findings.length * FINDING_SIZE));
    return number;
  }

  /** How many findings a host has. @param segment its newest one */
  count(segment: number): number {
    let sum = 0;
    for (let at = segment; at > 0;) {
      const { count, next } = this.#headOf(at);
      sum += count;
      at = next;
    }
    return sum;
  }

  /** What it gives holds until the next call. */
  read(segment: number): Float64Array {
    const total = this.count(segment);
    const all = this.#room(total);
    let done = 0;
    for (let at = segment; at > 0;) {
      const { count, next } = this.#headOf(at);
      this.#reader.read(
        new Uint8Array(all.buffer, done * FINDING_SIZE, count * FINDING_SIZE),
        at * FINDING_SIZE,
      );
      done += count;
      at = next;
    }
    return all.subarray(0, total);
  }

  close(): void {
    this.#spill.close();
  }

  #headOf(segment: number): { readonly count: number; readonly next: number } {
    this.#reader.read(this.#headBytes, (segment - 1) * FINDING_SIZE);
    const [count = 0, next = 0] = this.#head;
    return { count, next };
  }

  #room(length: number): Float64Array<ArrayBuffer> {
    if (this.#findings.length < length) this.#findings = new Float64Array(length * 2);
    return this.#findings;
  }
}
