import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partialName } from './leftovers.ts';

/**
 * A private temporary file that loses its name as soon as it is open: nothing of it is left, however the program
 * ends. Its methods throw what `explain` makes of the system's error.
 */
export class NamelessFile {
  readonly #file: number;
  readonly #explain: (cause: unknown) => Error;
  #length = 0;

  /** @param explain makes the failure that the user sees, of the system's error */
  constructor(explain: (cause: unknown) => Error) {
    this.#explain = explain;
    this.#file = this.#attempt(openNameless);
  }

  /** Bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const from = done;
      done += this.#attempt(() =>
        writeSync(this.#file, bytes, from, bytes.length - from, this.#length + from),
      );
    }
    this.#length += bytes.length;
  }

  /** Takes back what was appended after the first `length` bytes. */
  truncate(length: number): void {
    this.#attempt(() => {
      ftruncateSync(this.#file, length);
    });
    this.#length = length;
  }

  /** Copies bytes from `position` on into `target`; returns how many there were. */
  read(target: Uint8Array, position: number): number {
    return this.#attempt(() => readSync(this.#file, target, 0, target.length, position));
  }

  close(): void {
    closeSync(this.#file);
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw this.#explain(cause);
    }
  }
}

function openNameless(): number {
  const path = join(tmpdir(), partialName('spill'));
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path, { force: true });
  return file;
}

/** Opens a private file in a directory, to be written and read, that has no name any more. @throws the system's error */
export async function openNamelessIn(directory: string): Promise<FileHandle> {
  const path = join(directory, partialName('report'));
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}
