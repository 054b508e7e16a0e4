import type { NamelessFile } from '../../files/nameless-file.ts';
import type { SessionSetting, Tally } from '../../host-input/command-stream.ts';
import { Block } from './block.ts';
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
  read(offset: number, length: number): Block;
  /** Frees what it occupies. */
  discard(): void;
}

type About = Pick<Shipment, keyof Tally | 'settings' | 'addresses' | 'endedUnits'>;

/** @param free called by `discard`, unless nobody has read it: then what was discarded before is the last that was sent */
export function shipmentInMemory(text: Block, about: About, free: () => void): Shipment {
  const { bytes, read } = inMemory(text);
  let isHeld = false;
  return {
    ...about,
    bytes,
    read: (offset, length) => {
      isHeld = true;
      return read(offset, length);
    },
    discard: () => {
      if (isHeld) free();
      isHeld = false;
    },
  };
}

/** What is not at its beginning is copied: what was sent before it stands where its header would. */
export function inMemory(whole: Block): Pick<Shipment, 'bytes' | 'read'> {
  return {
    bytes: whole.length,
    read: (offset, length) =>
      offset === 0
        ? whole.upTo(Math.min(length, whole.length))
        : Block.of(whole.text.subarray(offset, offset + length)),
  };
}

/** @param file holds the text from its first byte; closed by `discard` */
export function shipmentInFile(file: NamelessFile, about: About): Shipment {
  return {
    ...about,
    read: (offset, length) =>
      Block.filled(Math.min(length, about.bytes - offset), (target) => file.read(target, offset)),
    discard: () => {
      file.close();
    },
  };
}

const LF = 0x0a;

/** Its text in blocks of whole lines, each as large as `maximum` allows. @throws LineTooLongError, SpoolError */
export function* blocksOf(shipment: Pick<Shipment, 'bytes' | 'read'>, maximum: number): Generator<Block> {
  for (let offset = 0; offset < shipment.bytes;) {
    const piece = shipment.read(offset, maximum);
    const block = offset + piece.length === shipment.bytes ? piece : wholeLines(piece, maximum);
    offset += block.length;
    yield block;
  }
}

function wholeLines(piece: Block, maximum: number): Block {
  const { text } = piece;
  const end = text.lastIndexOf(LF) + 1;
  if (end === 0) throw new LineTooLongError(text.toString('utf8', 0, 60), maximum);
  return piece.upTo(end);
}
