import { open } from 'node:fs/promises';

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
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    // One byte more than is allowed, so that a larger file shows.
    const buffer = Buffer.alloc(maximum + 1);
    let length = 0;
    for (
      let read = -1;
      read !== 0 && length <= maximum && !enough(buffer.subarray(0, length));
      length += read
    ) {
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
    }
    return {
      bytes: buffer.subarray(0, Math.min(length, maximum)),
      whole: length <= maximum,
      mode: mode & 0o777,
    };
  } finally {
    await file.close();
  }
}
