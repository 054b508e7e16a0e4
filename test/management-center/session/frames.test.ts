import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader, FrameTooLongError } from '../../../src/management-center/session/frame-reader.ts';
import {
  encodeFrame,
  encodeUint32,
  type Frame,
  FrameType,
} from '../../../src/management-center/session/frames.ts';

const LIMIT = 1000;

function readAll(pieces: readonly Buffer[], limit = LIMIT): Frame[] {
  const reader = new FrameReader(limit);
  const frames: Frame[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let frame = reader.next(); frame; frame = reader.next()) frames.push(frame);
  }
  return frames;
}

test('encodes the messages of the protocol byte for byte', () => {
  assert.equal(encodeFrame(FrameType.version, encodeUint32(1)).toString('hex'), '000000020000000400000001');
  assert.equal(
    encodeFrame(FrameType.maximumSize, encodeUint32(524_288)).toString('hex'),
    '000000010000000400080000',
  );
  const done = encodeFrame(FrameType.data, Buffer.from('Done processing 4 commands.\n'));
  assert.equal(done.toString('hex', 0, 8), '000000030000001c');
  assert.equal(encodeFrame(FrameType.error, Buffer.alloc(0)).toString('hex'), '0000000400000000');
});

test('reads any frames from bytes in any pieces', () => {
  const body = fc.uint8Array({ maxLength: LIMIT }).map((bytes) => Buffer.from(bytes));
  const frame = fc.record({ type: fc.nat(0xffffffff), body }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(({ type, body }) => encodeFrame(type, body)));
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      assert.deepEqual(readAll(pieces), frames);
    }),
  );
});

test('reads frames that come byte by byte', () => {
  const bytes = Buffer.concat([encodeFrame(3, Buffer.from('abc')), encodeFrame(4, Buffer.alloc(0))]);
  const frames = readAll([...bytes].map((byte) => Buffer.of(byte)));
  assert.deepEqual(frames, [
    { type: 3, body: Buffer.from('abc') },
    { type: 4, body: Buffer.alloc(0) },
  ]);
});

test('refuses a header that announces more than the limit, and reserves nothing for it', () => {
  const reader = new FrameReader(LIMIT);
  reader.push(Buffer.from('00000003ffffffff', 'hex'));
  assert.throws(() => reader.next(), FrameTooLongError);
  assert.deepEqual(readAll([encodeFrame(3, Buffer.alloc(LIMIT))])[0]?.body.length, LIMIT);
});

test('tells how many bytes wait for the rest of their frame', () => {
  const reader = new FrameReader(LIMIT);
  reader.push(Buffer.from('0000000300000004aabb', 'hex'));
  assert.equal(reader.next(), undefined);
  assert.equal(reader.pendingBytes, 10);
});
