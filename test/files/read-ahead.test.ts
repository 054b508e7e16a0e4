import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ReadAhead } from '../../src/files/read-ahead.ts';

/** Of a length that windows do not divide. */
const BYTES = Buffer.alloc(200_003, 'abcdefghijklmnopqrstuvwxyz0123456');

test('pieces read in any order are those of the file, and what lies behind its end is told', () => {
  const piece = fc.record({ position: fc.nat(BYTES.length), length: fc.nat(70_000), follows: fc.boolean() });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 65_536 }), (pieces, most) => {
      // A file gives less than was asked for whenever it likes to.
      const reader = new ReadAhead((target, position) =>
        position > BYTES.length ? 0 : BYTES.copy(target, 0, position, position + most),
      );
      let end = 0;
      for (const { position, length, follows } of pieces) {
        const from = follows ? end : position;
        const target = Buffer.alloc(most < 500 ? Math.min(length, 500) : length);
        end = from + target.length;
        assert.equal(reader.read(target, from), target.length === 0 || end <= BYTES.length);
        if (end <= BYTES.length) assert.ok(target.equals(BYTES.subarray(from, end)));
      }
    }),
  );
});

test('small pieces that follow each other take few calls of the system', () => {
  let calls = 0;
  const reader = new ReadAhead((target, position) => {
    calls++;
    return BYTES.copy(target, 0, position);
  });
  const target = Buffer.alloc(100);
  for (let from = 0; from + 100 <= BYTES.length; from += 100) reader.read(target, from);
  assert.ok(calls <= 5, String(calls));
});
