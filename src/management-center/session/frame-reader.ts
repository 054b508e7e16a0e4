import { decodeHeader, type Frame, type FrameHeader, HEADER_LENGTH } from './frames.ts';

const NOTHING: Buffer = Buffer.alloc(0);
const SMALLEST_CAPACITY = 4096;

/**
 * Puts frames together from bytes that arrive in any pieces, however small. Holds little more than what has arrived:
 * a header that announces much reserves nothing, and one that announces more than `limit` is refused.
 */
export class FrameReader {
  readonly #limit: number;
  /** What has arrived is copied into it, from `#start` to `#end`: a piece of one byte would occupy a hundred. */
  #bytes = NOTHING;
  #start = 0;
  #end = 0;
  #header: FrameHeader | undefined;

  /** @param limit the longest body, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(piece: Buffer): void {
    if (this.#end + piece.length > this.#bytes.length) this.#makeRoom(piece.length);
    piece.copy(this.#bytes, this.#end);
    this.#end += piece.length;
  }

  /** The next whole frame, or undefined until more bytes come. @throws FrameTooLongError */
  next(): Frame | undefined {
    if (!this.#header) {
      if (this.#end - this.#start < HEADER_LENGTH) return undefined;
      const header = decodeHeader(this.#take(HEADER_LENGTH));
      if (header.length > this.#limit) throw new FrameTooLongError(header.type, header.length, this.#limit);
      this.#header = header;
    }
    const { type, length } = this.#header;
    if (this.#end - this.#start < length) return undefined;
    this.#header = undefined;
    return { type, body: this.#take(length) };
  }

  #makeRoom(more: number): void {
    const held = this.#bytes.subarray(this.#start, this.#end);
    const bytes = Buffer.allocUnsafe(Math.max(SMALLEST_CAPACITY, 2 * held.length, held.length + more));
    held.copy(bytes);
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = held.length;
  }

  /** What is taken is never written to again: whatever comes next goes behind it or into new bytes. */
  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#start + length);
    this.#start += length;
    if (this.#start === this.#end) {
      this.#bytes = NOTHING;
      this.#start = this.#end = 0;
    }
    return taken;
  }
}

/** A header announces more than will be read: a fault, or bytes that are no frames at all. */
export class FrameTooLongError extends Error {
  constructor(type: number, length: number, limit: number) {
    super(`a message of type ${type} with ${length} bytes (at most ${limit} are read)`);
    this.name = 'FrameTooLongError';
  }
}
