import { Spill } from '../records/spill.ts';
import { FINDING_SIZE } from './state-file.ts';

/** The findings of this run's input, eight bytes each, in segments: a host that comes several times has several. */
export class FindingSegments {
  readonly #spill = new Spill();
  #length = 0;
  #segments = new Uint32Array(3 * 1024);
  #count = 0;

  /** @param next the host's segment before this one; 0: none. @returns the number of the new one */
  add(findings: readonly number[], next: number): number {
    if (findings.length === 0) return next;
    const numbers = Float64Array.from(findings);
    this.#spill.append(new Uint8Array(numbers.buffer));
    if ((this.#count + 1) * 3 > this.#segments.length) {
      const larger = new Uint32Array(this.#segments.length * 2);
      larger.set(this.#segments);
      this.#segments = larger;
    }
    this.#segments.set([this.#length, findings.length, next], this.#count * 3);
    this.#length += findings.length;
    return ++this.#count;
  }

  /** How many findings a host has. @param segment its newest one */
  count(segment: number): number {
    let sum = 0;
    for (let at = segment; at > 0; at = this.#next(at)) sum += this.#segments[(at - 1) * 3 + 1] ?? 0;
    return sum;
  }

  read(segment: number): Float64Array {
    const all = new Float64Array(this.count(segment));
    let done = 0;
    for (let at = segment; at > 0; at = this.#next(at)) {
      const [from = 0, count = 0] = this.#segments.subarray((at - 1) * 3, at * 3);
      const bytes = new Uint8Array(all.buffer, done * FINDING_SIZE, count * FINDING_SIZE);
      for (let read = 0; read < bytes.length;) {
        read += this.#spill.read(bytes.subarray(read), from * FINDING_SIZE + read);
      }
      done += count;
    }
    return all;
  }

  close(): void {
    this.#spill.close();
  }

  #next(segment: number): number {
    return this.#segments[(segment - 1) * 3 + 2] ?? 0;
  }
}
