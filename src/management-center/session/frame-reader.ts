import { decodeHeader, type Frame, type FrameHeader, HEADER_LENGTH } from './frames.ts';

/**
 * Puts frames together from bytes that arrive in any pieces. Holds no more than what has arrived: a header that
 * announces much reserves nothing, and one that announces more than `limit` is refused.
 */
export class FrameReader {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #held = 0;
  #header: FrameHeader | undefined;

  /** @param limit the longest body, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that have arrived and belong to no frame given out yet. */
  get pendingBytes(): number {
    return this.#held + (this.#header ? HEADER_LENGTH : 0);
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#held += bytes.length;
  }

  /** The next whole frame, or undefined until more bytes come. Throws FrameTooLongError. */
  next(): Frame | undefined {
    if (!this.#header) {
      if (this.#held < HEADER_LENGTH) return undefined;
      const header = decodeHeader(this.#take(HEADER_LENGTH));
      if (header.length > this.#limit) throw new FrameTooLongError(header.type, header.length, this.#limit);
      this.#header = header;
    }
    const { type, length } = this.#header;
    if (this.#held < length) return undefined;
    this.#header = undefined;
    return { type, body: this.#take(length) };
  }

  #take(length: number): Buffer {
    const first = this.#pieces[0];
    const whole =
      this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#held);
    const rest = whole.subarray(length);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return whole.subarray(0, length);
  }
}

/** A header announces more than will be read: a fault, or bytes that are no frames at all. */
export class FrameTooLongError extends Error {
  constructor(type: number, length: number, limit: number) {
    super(`a message of type ${type} with ${length} bytes (at most ${limit} are read)`);
    this.name = 'FrameTooLongError';
  }
}
