import { tmpdir } from 'node:os';
import { NamelessFile } from '../files/nameless-file.ts';
import { SpillError } from './errors.ts';

/** Bytes held in memory before any go to a file: a million findings. */
const IN_MEMORY = 8 * 1024 * 1024;

/** Bytes that are written once and then read once, in order. What does not fit in memory goes to a nameless file. */
export class Spill {
  #memory: Buffer;
  #used = 0;
  #file: NamelessFile | undefined;
  readonly #limit: number;

  constructor(limit = IN_MEMORY) {
    this.#limit = limit;
    this.#memory = Buffer.alloc(Math.min(limit, 65_536));
  }

  get length(): number {
    return this.#fileLength + this.#used;
  }

  get #fileLength(): number {
    return this.#file?.length ?? 0;
  }

  /** @throws SpillError as everything here that comes to a file */
  append(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    if (bytes.length > this.#memory.length) {
      this.#toFile(bytes);
    } else {
      this.#memory.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  /** Two numbers of 32 bits, without an object made for them. */
  appendPair(first: number, second: number): void {
    this.#makeRoom(8);
    this.#memory.writeUInt32LE(first, this.#used);
    this.#memory.writeUInt32LE(second, this.#used + 4);
    this.#used += 8;
  }

  /** Copies bytes from `position` on into `target`; returns how many there were. */
  read(target: Uint8Array, position: number): number {
    if (this.#file !== undefined && position < this.#file.length) return this.#file.read(target, position);
    return this.#memory.copy(target, 0, position - this.#fileLength, this.#used);
  }

  /** Takes back what was appended after the first `length` bytes. */
  truncate(length: number): void {
    this.#used = Math.max(0, length - this.#fileLength);
    if (length < this.#fileLength) this.#file?.truncate(length);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#memory = Buffer.alloc(0);
    this.#used = 0;
  }

  #makeRoom(needed: number): void {
    if (this.#used + needed <= this.#memory.length) return;
    if (this.#memory.length * 2 <= this.#limit) {
      const larger = Buffer.alloc(this.#memory.length * 2);
      this.#memory.copy(larger, 0, 0, this.#used);
      this.#memory = larger;
      this.#makeRoom(needed);
    } else {
      this.#toFile(this.#memory.subarray(0, this.#used));
      this.#used = 0;
    }
  }

  #toFile(bytes: Uint8Array): void {
    this.#file ??= new NamelessFile((cause) => new SpillError(tmpdir(), cause));
    this.#file.append(bytes);
  }
}
