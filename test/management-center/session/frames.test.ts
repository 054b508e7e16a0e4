import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader, FrameTooLongError } from '../../../src/management-center/session/frame-reader.ts';
import { Block } from '../../../src/management-center/session/block.ts';
import { encodeFrame, type Frame } from '../../../src/management-center/session/frames.ts';
import {
  data,
  errorMessage,
  maximumSize,
  reply,
  version,
} from '../../../src/management-center/session/messages.ts';

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
  assert.equal(version().toString('hex'), '000000020000000400000001');
  assert.equal(maximumSize(524_288).toString('hex'), '000000010000000400080000');
  assert.equal(data(Block.of(Buffer.from('ScanFlush\n'))).toString('hex', 0, 8), '000000030000000a');
  assert.equal(reply('Done processing 4 commands.\n').toString('hex', 0, 8), '000000030000001c');
  assert.equal(errorMessage('').toString('hex'), '0000000400000000');
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

test('a long message in pieces of one byte takes little more memory than its bytes', () => {
  const length = 4 * 1024 * 1024;
  const header = Buffer.from('0000000300400000', 'hex');
  const reader = new FrameReader(length);
  reader.push(header);
  const before = process.memoryUsage();
  for (let at = 1; at < length; at++) reader.push(Buffer.of(at & 0xff));
  assert.equal(reader.next(), undefined);
  const after = process.memoryUsage();
  assert.ok(after.heapUsed + after.external - before.heapUsed - before.external < 64 * 1024 * 1024);
  reader.push(Buffer.of(0xaa));
  assert.equal(reader.next()?.body.length, length);
});
