const MOST_BYTES = 4 * 1024 * 1024;

/** The bytes of one direction, as far as they are kept. */
export class Transcript {
  readonly #pieces: Buffer[] = [];
  readonly #most: number;
  /** How many bytes went by, kept or not. */
  bytes = 0;

  /** @param keep false: count only */
  constructor(keep: boolean) {
    this.#most = keep ? MOST_BYTES : 0;
  }

  add(piece: Buffer): void {
    const room = this.#most - this.bytes;
    this.bytes += piece.length;
    if (room > 0) this.#pieces.push(Buffer.from(piece.subarray(0, room)));
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
