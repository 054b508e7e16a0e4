import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from './system-reason.ts';

/** Milliseconds between two looks at a pipe. */
const NAP = 20;

export interface BoundedContent {
  /** At most as many bytes as were asked for. */
  readonly bytes: Buffer;
  /** Whether that is all of it: false where the file goes on. */
  readonly whole: boolean;
  /** The permission bits, e.g. 0o600. */
  readonly mode: number;
}

/**
 * The beginning of a file, at most `maximum` bytes of it: a pipe will do, and a device without end is not read whole.
 * @param enough ends the reading early, e.g. when a line is complete
 * @throws the system's error
 */
export async function readBounded(
  path: string,
  maximum: number,
  enough: (bytes: Buffer) => boolean = () => false,
): Promise<BoundedContent> {
  // What waits within the system, as for somebody who writes to a pipe, no signal could end.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    const mayBegin = status.isFIFO() && (await hasName(path));
    // One byte more than is allowed, so that a larger file shows.
    const buffer = Buffer.alloc(maximum + 1);
    let length = 0;
    while (length <= maximum && !enough(buffer.subarray(0, length))) {
      const read = readNow(file, buffer, length, status);
      if (read === 0 && !(mayBegin && length === 0)) break;
      if (read > 0) length += read;
      else await setTimeout(NAP);
    }
    return {
      bytes: buffer.subarray(0, Math.min(length, maximum)),
      whole: length <= maximum,
      mode: status.mode & 0o777,
    };
  } finally {
    closeSync(file);
  }
}

/** @returns the bytes read; 0: the end, or nobody writes to the pipe; -1: whoever writes to it takes his time */
function readNow(file: number, buffer: Buffer, from: number, status: Stats): number {
  try {
    return readSync(file, buffer, from, buffer.length - from, status.isFile() ? from : null);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return -1;
    throw error;
  }
}

/** A pipe of the shell's (`<(…)`) has none, and nobody comes to write to it later. */
function hasName(path: string): Promise<boolean> {
  return realpath(path).then(
    () => true,
    () => false,
  );
}

/** All of a file, which is to be a real one. @throws the system's error, or one that says what it is instead */
export function readRegular(path: string, maximum: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile() && !status.isDirectory()) throw new Error('it is a pipe or a device');
    if (status.size > maximum) throw new Error(`it is larger than ${maximum} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
