import { HEADER_LENGTH, writeHeader } from './frames.ts';

/**
 * Whole lines of commands, answered by one reply, with room for a frame's header before them: they are sent from where
 * they were put together, since copying them takes as long as encrypting them.
 */
export class Block {
  readonly #bytes: Buffer;

  /** @param bytes HEADER_LENGTH of them free, then the text */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** A copy. */
  static of(text: Uint8Array): Block {
    return Block.filled(text.length, (target) => {
      target.set(text);
      return text.length;
    });
  }

  /** @param fill writes at most `length` bytes and returns how many */
  static filled(length: number, fill: (target: Buffer) => number): Block {
    const bytes = Buffer.allocUnsafe(HEADER_LENGTH + length);
    return new Block(bytes.subarray(0, HEADER_LENGTH + fill(bytes.subarray(HEADER_LENGTH))));
  }

  get text(): Buffer {
    return this.#bytes.subarray(HEADER_LENGTH);
  }

  get length(): number {
    return this.#bytes.length - HEADER_LENGTH;
  }

  /** Its first bytes, at the same place. */
  upTo(length: number): Block {
    return new Block(this.#bytes.subarray(0, HEADER_LENGTH + length));
  }

  /** Header and text in one piece, so that one write sends both. */
  frame(type: number): Buffer {
    writeHeader(this.#bytes, type, this.length);
    return this.#bytes;
  }
}
