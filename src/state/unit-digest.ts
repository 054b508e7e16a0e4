import { createHash, hash as hashAtOnce, type Hash } from 'node:crypto';
import type { UnitPart } from '../host-input/command-stream.ts';

/** The digest of a unit's text: the first 128 bits of its SHA-256, in four numbers. */
export class UnitDigest {
  /** The first part; most units have no other, and their digest takes no object of its own. */
  #text: string | undefined;
  #hash: Hash | undefined;

  /** @param before the digest of the host's units before this one */
  beginWith(before: Uint32Array): void {
    this.#hash = createHash('sha256').update(
      new Uint8Array(before.buffer, before.byteOffset, before.byteLength),
    );
  }

  add({ text, encoding = 'utf8' }: UnitPart): void {
    if (!this.#hash && this.#text === undefined && encoding === 'utf8') {
      this.#text = text;
      return;
    }
    this.#hash ??= createHash('sha256').update(this.#text ?? '', 'utf8');
    this.#hash.update(text, encoding);
  }

  /** To be called once, after the last part. */
  end(): Uint32Array {
    const hex = this.#hash ? this.#hash.digest('hex') : hashAtOnce('sha256', this.#text ?? '', 'hex');
    return Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(hex.slice(at, at + 8), 16));
  }
}
