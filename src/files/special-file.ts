import { closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from './system-reason.ts';

/** Milliseconds between two tries, at first and at most: a pipe says by no event that it may be written again. */
const [FIRST_NAP, LONGEST_NAP] = [1, 50];

/** Whether a path means a descriptor that whoever called has opened, such as `/dev/stdout`. */
export function isDescriptor(path: string): boolean {
  return /^\/dev\/(?:stdout|stderr|fd\/\d+)$|^\/proc\/(?:self|\d+)\/fd\/\d+$/.test(path);
}

export function isStandardOutput(path: string | undefined): boolean {
  return path !== undefined && /^\/dev\/(?:stdout|fd\/1)$|^\/proc\/self\/fd\/1$/.test(path);
}

/**
 * A pipe, a terminal or a device, and what a descriptor leads to, which is gone on with. It is never waited for within the
 * system, which no signal would end.
 */
export class SpecialFile {
  #file: number;
  readonly #signal: AbortSignal | undefined;

  private constructor(file: number, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#signal = signal;
  }

  /** A pipe is opened when somebody reads it. @throws the system's error, the signal's reason */
  static async open(path: string, signal?: AbortSignal): Promise<SpecialFile> {
    const { O_WRONLY, O_NONBLOCK, O_APPEND } = constants;
    const open = (): number => openSync(path, O_WRONLY | O_NONBLOCK | (isDescriptor(path) ? O_APPEND : 0));
    // What else has nobody at its other end (a socket) gets nobody later.
    const busy = statSync(path).isFIFO() ? 'ENXIO' : 'none';
    return new SpecialFile(await patiently(open, busy, signal), signal);
  }

  /** @throws the system's error, the signal's reason */
  async writeFile(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      from += await patiently(() => writeSync(this.#file, bytes, from), 'EAGAIN', this.#signal);
    }
  }

  /** There is nothing that could be lost. */
  sync(): Promise<void> {
    return Promise.resolve();
  }

  /** Does no harm a second time. */
  close(): Promise<void> {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    return Promise.resolve();
  }
}

/** Tries again while the system says `busy`. */
async function patiently(
  attempt: () => number,
  busy: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let nap = FIRST_NAP; ; nap = Math.min(2 * nap, LONGEST_NAP)) {
    try {
      return attempt();
    } catch (error) {
      if (errorCode(error) !== busy) throw error;
    }
    await setTimeout(nap);
    signal?.throwIfAborted();
  }
}
