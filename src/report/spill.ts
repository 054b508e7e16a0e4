import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpillError } from './errors.ts';

/** Bytes held in memory before any go to a file: a million findings. */
const IN_MEMORY = 8 * 1024 * 1024;

/**
 * Bytes that are written once and then read once, in order. What does not fit in memory goes to a temporary file that has
 * no name any more (it is unlinked as soon as it is open), so that nothing stays behind however the program ends.
 */
export class Spill {
  #memory: Buffer;
  #used = 0;
  #file: number | undefined;
  #fileLength = 0;
  readonly #limit: number;

  constructor(limit = IN_MEMORY) {
    this.#limit = limit;
    this.#memory = Buffer.alloc(Math.min(limit, 65_536));
  }

  get length(): number {
    return this.#fileLength + this.#used;
  }

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
  read(target: Buffer, position: number): number {
    if (position >= this.#fileLength) {
      const from = position - this.#fileLength;
      return this.#memory.copy(target, 0, from, Math.min(this.#used, from + target.length));
    }
    const wanted = Math.min(target.length, this.#fileLength - position);
    return this.#attempt(() => readSync(this.#file ?? -1, target, 0, wanted, position));
  }

  close(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
    this.#memory = Buffer.alloc(0);
    this.#used = 0;
    this.#fileLength = 0;
  }

  #makeRoom(needed: number): void {
    if (this.#used + needed <= this.#memory.length) {
      return;
    }
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
    this.#file ??= this.#attempt(openNameless);
    const file = this.#file;
    for (let done = 0; done < bytes.length;) {
      const from = done;
      done += this.#attempt(() => writeSync(file, bytes, from, bytes.length - from, this.#fileLength + from));
    }
    this.#fileLength += bytes.length;
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new SpillError(tmpdir(), cause as Error);
    }
  }
}

function openNameless(): number {
  const path = join(tmpdir(), `qualys-connector-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
