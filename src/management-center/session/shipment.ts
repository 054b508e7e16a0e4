import type { NamelessFile } from '../../files/nameless-file.ts';
import type { SessionSetting, Tally } from '../../host-input/command-stream.ts';
import { LineTooLongError } from './errors.ts';

/**
 * What is acknowledged, sent again or kept together: whole units that fit into one block, or one unit that does not.
 * Whoever takes it discards it.
 */
export interface Shipment extends Tally {
  /** The settings that hold where it starts: a new connection needs them first. */
  readonly settings: readonly SessionSetting[];
  /** Of the hosts that it gives findings. */
  readonly addresses: readonly string[];
  /** The host of each unit that ends in it, in their order. */
  readonly endedUnits: readonly string[];
  /** Its bytes from `offset`, at most `length` of them. */
  read(offset: number, length: number): Buffer;
  /** Frees what it occupies. */
  discard(): void;
}

type About = Pick<Shipment, keyof Tally | 'settings' | 'addresses' | 'endedUnits'>;

export function shipmentInMemory(pieces: readonly Buffer[], about: About): Shipment {
  const whole = Buffer.concat(pieces);
  return {
    ...about,
    read: (offset, length) => whole.subarray(offset, offset + length),
    discard: () => undefined,
  };
}

/** @param file holds the text from its first byte; closed by `discard` */
export function shipmentInFile(file: NamelessFile, about: About): Shipment {
  return {
    ...about,
    read: (offset, length) => {
      const buffer = Buffer.allocUnsafe(Math.min(length, about.bytes - offset));
      return buffer.subarray(0, file.read(buffer, offset));
    },
    discard: () => {
      file.close();
    },
  };
}

const LF = 0x0a;

/** Its text in blocks of whole lines, each as large as `maximum` allows. @throws LineTooLongError, SpoolError */
export function* blocksOf(shipment: Pick<Shipment, 'bytes' | 'read'>, maximum: number): Generator<Buffer> {
  for (let offset = 0; offset < shipment.bytes;) {
    const text = shipment.read(offset, maximum);
    const block = offset + text.length === shipment.bytes ? text : wholeLines(text, maximum);
    offset += block.length;
    yield block;
  }
}

function wholeLines(text: Buffer, maximum: number): Buffer {
  const end = text.lastIndexOf(LF) + 1;
  if (end === 0) throw new LineTooLongError(text.toString('utf8', 0, 60), maximum);
  return text.subarray(0, end);
}
