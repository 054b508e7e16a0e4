import type { FileHandle } from 'node:fs/promises';

/** How much of the stream something holds. */
export interface Tally {
  readonly bytes: number;
  readonly units: number;
  readonly commands: number;
  readonly findings: number;
}

/**
 * What is acknowledged, sent again or kept together: whole units that fit into one block, or one unit that does not.
 * Whoever takes it discards it.
 */
export interface Shipment extends Tally {
  /** The settings (lines) that hold where it starts: a new connection needs them first. */
  readonly settings: readonly string[];
  /** Its bytes from `offset`, at most `length` of them. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Frees what it occupies. */
  discard(): Promise<void>;
}

export function shipmentInMemory(
  pieces: readonly Buffer[],
  tally: Tally,
  settings: readonly string[],
): Shipment {
  const whole = Buffer.concat(pieces);
  return {
    ...tally,
    settings,
    read: (offset, length) => Promise.resolve(whole.subarray(offset, offset + length)),
    discard: () => Promise.resolve(),
  };
}

/** @param file holds the text from its first byte; closed by `discard` */
export function shipmentInFile(file: FileHandle, tally: Tally, settings: readonly string[]): Shipment {
  return {
    ...tally,
    settings,
    read: async (offset, length) => {
      const buffer = Buffer.allocUnsafe(Math.min(length, tally.bytes - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return buffer.subarray(0, bytesRead);
    },
    discard: () => file.close(),
  };
}
