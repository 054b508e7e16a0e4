/** Values of one chunk. */
const CHUNK = 4096;

/**
 * Numbers of 32 bits, 0 where nothing was set. It grows by chunks, so that nothing is copied, and what has no value takes
 * no room.
 */
export class Column {
  #chunks: (Uint32Array | undefined)[] = [];

  get(at: number): number {
    return this.#chunks[Math.floor(at / CHUNK)]?.[at % CHUNK] ?? 0;
  }

  set(at: number, value: number): void {
    const index = Math.floor(at / CHUNK);
    let chunk = this.#chunks[index];
    if (!chunk) {
      if (value === 0) return;
      while (this.#chunks.length < index) this.#chunks.push(undefined);
      chunk = this.#chunks[index] = new Uint32Array(CHUNK);
    }
    chunk[at % CHUNK] = value;
  }

  /** Every value is 0. */
  clear(): void {
    this.#chunks = [];
  }
}
