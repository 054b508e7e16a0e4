import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grouped } from '../../src/text/grouped.ts';

test('a number is grouped as people read it, as toLocaleString does', () => {
  const numbers = Array.from({ length: 16 }, (_, digits) => [
    10 ** digits - 1,
    10 ** digits,
    -(10 ** digits),
  ]).flat();
  for (const number of numbers) assert.equal(grouped(number), number.toLocaleString('en-US'));
});
