import { CutError } from './cut-error.ts';
import type { Cutter } from './cutter.ts';

/** Real elements reach 100 kB. */
export const LONGEST_ELEMENT = 8 * 1024 * 1024;

/** Slides over a document that comes in pieces: what the cutter has not finished with moves to its beginning. */
export class CuttingWindow {
  /** Where the next piece is put, from `kept` on. */
  bytes: Buffer;
  /** Bytes that the cutter has not finished with. */
  kept = 0;

  readonly #cutter: Cutter;
  /** Bytes that went by. */
  #passed = 0;

  constructor(cutter: Cutter, pieceSize: number) {
    this.#cutter = cutter;
    this.bytes = Buffer.alloc(pieceSize * 2 + 16);
  }

  /** Bytes of the document so far. */
  get position(): number {
    return this.#passed + this.kept;
  }

  makeRoom(size: number): void {
    if (this.kept + size <= this.bytes.length) return;
    const larger = Buffer.alloc((this.kept + size) * 2);
    this.bytes.copy(larger, 0, 0, this.kept);
    this.bytes = larger;
  }

  /** Cuts what is there with `added` bytes more. @throws CutError, its place counted from the document's beginning */
  cut(added: number): void {
    const end = this.kept + added;
    const keepFrom = this.#write(end);
    this.#passed += keepFrom;
    this.kept = end - keepFrom;
    if (this.kept > LONGEST_ELEMENT) throw new CutError('endless', this.#passed, '');
    this.bytes.copy(this.bytes, 0, keepFrom, end);
  }

  /** What is missing when the document's end was not seen. */
  brokenOff(): CutError {
    return new CutError('end', this.position, this.#cutter.openElement ?? '');
  }

  #write(end: number): number {
    try {
      return this.#cutter.write(this.bytes, end);
    } catch (error) {
      if (!(error instanceof CutError)) throw error;
      throw new CutError(error.reason, this.#passed + error.at, error.message);
    }
  }
}
