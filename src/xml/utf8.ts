import { isUtf8 } from 'node:buffer';

/** How many bytes at the end may belong to a UTF-8 sequence that goes on in the next piece. */
export function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/** Writes `?` over each byte that is part of no UTF-8 character, so that lengths stay; returns how many. */
export function replaceInvalid(bytes: Buffer): number {
  if (isUtf8(bytes)) return 0;
  let replaced = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length === 1 || (length > 0 && isUtf8(bytes.subarray(at, at + length)))) {
      at += length;
    } else {
      bytes[at] = 0x3f;
      replaced++;
      at++;
    }
  }
  return replaced;
}
