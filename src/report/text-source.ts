import { readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { oneLine } from '../text/one-line.ts';
import { replaceInvalid, unfinishedLength } from '../xml/utf8.ts';
import { UnknownEncodingError } from './errors.ts';

/**
 * Gives a file's text as UTF-8 bytes that are sure to be valid, whatever it was written in.
 * Reading is synchronous: a piece of a local file is there before a thread could be asked for it (measured: a fifth less
 * time for the whole report). The caller sees to it that other work gets its turn.
 */
export interface TextSource {
  /** Fills `target` from `offset` on; gives how many bytes it put there, 0 at the end. */
  read(target: Buffer, offset: number): number;
  /** Bytes (of UTF-8) or characters (of other encodings) that were not valid and were replaced. */
  readonly invalid: number;
}

/** How many bytes are looked at to find the encoding: comments may stand before the XML declaration. */
export const HEAD_SIZE = 4096;

/** Chooses by byte order mark, then by the XML declaration; UTF-8 when neither says anything. */
export function openTextSource(file: number, head: Buffer, path: string, pieceSize: number): TextSource {
  const found = encodingOf(head);
  if (found.encoding === 'utf-8') return new Utf8Source(file, found.markLength, pieceSize);
  try {
    const decoder = new TextDecoder(found.encoding);
    return new DecodedSource(file, decoder, pieceSize);
  } catch {
    throw new UnknownEncodingError(path, oneLine(found.encoding, 80));
  }
}

function encodingOf(head: Buffer): { encoding: string; markLength: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', markLength: 3 };
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) {
    return { encoding: 'utf-16le', markLength: 0 };
  }
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) {
    return { encoding: 'utf-16be', markLength: 0 };
  }
  const declared = /<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']/i.exec(head.toString('latin1'))?.[1];
  const label = declared?.trim().toLowerCase() ?? 'utf-8';
  // Text that could be read as ASCII this far is not UTF-16, whatever it says; US-ASCII is a part of UTF-8.
  return /^(utf-?8|utf-?16.*|us-ascii|ascii|)$/.test(label)
    ? { encoding: 'utf-8', markLength: 0 }
    : { encoding: label, markLength: 0 };
}

/** UTF-8 is read to where it is needed, and only checked: nothing is copied. */
class Utf8Source implements TextSource {
  invalid = 0;
  readonly #file: number;
  readonly #pieceSize: number;
  #position: number;
  /** The beginning of a sequence that the last piece ended in. */
  #pending: Buffer = Buffer.alloc(0);

  constructor(file: number, position: number, pieceSize: number) {
    this.#file = file;
    this.#position = position;
    this.#pieceSize = pieceSize;
  }

  read(target: Buffer, offset: number): number {
    this.#pending.copy(target, offset);
    const start = offset + this.#pending.length;
    const bytesRead = readSync(this.#file, target, start, this.#pieceSize, this.#position);
    this.#position += bytesRead;
    const piece = target.subarray(offset, start + bytesRead);
    const whole = bytesRead === 0 ? piece.length : piece.length - unfinishedLength(piece);
    this.#pending = Buffer.from(piece.subarray(whole));
    this.invalid += replaceInvalid(piece.subarray(0, whole));
    // A piece that is only the beginning of a sequence is no end of the file.
    return whole === 0 && bytesRead > 0 ? this.read(target, offset) : whole;
  }
}

/** Any other encoding is decoded and written again as UTF-8. */
class DecodedSource implements TextSource {
  invalid = 0;
  readonly #file: number;
  readonly #decoder: TextDecoder;
  readonly #raw: Buffer;
  #position = 0;
  #ended = false;

  constructor(file: number, decoder: TextDecoder, pieceSize: number) {
    this.#file = file;
    this.#decoder = decoder;
    // One byte becomes at most three; two or three more may be waiting in the decoder.
    this.#raw = Buffer.alloc(Math.max(1, Math.floor(pieceSize / 3) - 3));
  }

  read(target: Buffer, offset: number): number {
    while (!this.#ended) {
      const bytesRead = readSync(this.#file, this.#raw, 0, this.#raw.length, this.#position);
      this.#position += bytesRead;
      this.#ended = bytesRead === 0;
      const text = this.#decoder.decode(this.#raw.subarray(0, bytesRead), { stream: !this.#ended });
      if (text !== '') {
        this.invalid += text.split('\uFFFD').length - 1;
        return target.write(text.replaceAll('\uFFFD', '?'), offset, 'utf8');
      }
    }
    return 0;
  }
}
