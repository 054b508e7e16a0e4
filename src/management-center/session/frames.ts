/**
 * Host input on the wire: an 8-byte header (type and length, 32 bits each, big-endian), then the body.
 * Pure: bytes in, bytes out. Source: the vendor's reference client, observed.
 */
export const HEADER_LENGTH = 8;

export interface FrameHeader {
  readonly type: number;
  /** Bytes of the body. */
  readonly length: number;
}

export interface Frame {
  readonly type: number;
  readonly body: Buffer;
}

/** Header and body in one piece, so that one write sends both. */
export function encodeFrame(type: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + body.length);
  writeHeader(frame, type, body.length);
  frame.set(body, HEADER_LENGTH);
  return frame;
}

/** @param length bytes of the body */
export function writeHeader(frame: Buffer, type: number, length: number): void {
  frame.writeUInt32BE(type, 0);
  frame.writeUInt32BE(length, 4);
}

/** @param bytes at least HEADER_LENGTH of them */
export function decodeHeader(bytes: Buffer): FrameHeader {
  return { type: bytes.readUInt32BE(0), length: bytes.readUInt32BE(4) };
}
