/** Bytes read at once where reading goes on from where it was, and where it jumps. */
const AHEAD = 65_536;
const ASIDE = 1024;

/** Small pieces of a file, mostly one after the other, without a call of the system for each. What was read once may not change. */
export class ReadAhead {
  readonly #readFrom: (target: Uint8Array, position: number) => number;
  readonly #bytes = Buffer.alloc(AHEAD);
  #start = 0;
  #length = 0;

  /** @param readFrom copies bytes from a position on, and returns how many there were; 0: it is the end */
  constructor(readFrom: (target: Uint8Array, position: number) => number) {
    this.#readFrom = readFrom;
  }

  /** Fills `target` from `position` on. @returns whether there was as much */
  read(target: Uint8Array, position: number): boolean {
    for (let done = 0; done < target.length;) {
      const from = position + done - this.#start;
      if (from < 0 || from >= this.#length) {
        if (!this.#fill(position + done, target.length - done)) return false;
        continue;
      }
      done += this.#bytes.copy(target, done, from, this.#length);
    }
    return true;
  }

  #fill(position: number, needed: number): boolean {
    const gap = position - (this.#start + this.#length);
    const size = gap >= 0 && gap < AHEAD ? AHEAD : Math.min(AHEAD, Math.max(ASIDE, needed));
    this.#length = this.#readFrom(this.#bytes.subarray(0, size), position);
    this.#start = position;
    return this.#length > 0;
  }
}
