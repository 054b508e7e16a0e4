import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { NumberSet } from '../../src/conversion/number-set.ts';

test('a number is new once, until the set is cleared', () => {
  const number = fc.oneof(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  );
  const set = new NumberSet();
  fc.assert(
    fc.property(fc.array(number, { maxLength: 2000, size: 'max' }), (numbers) => {
      set.clear();
      const model = new Set<number>();
      for (const one of numbers) {
        assert.equal(set.add(one), !model.has(one));
        model.add(one);
      }
    }),
  );
});

test('a million findings of one host find their places', () => {
  const set = new NumberSet();
  for (let qid = 1; qid <= 1000; qid += 1) {
    for (let port = 1; port <= 1000; port += 1) {
      assert.ok(set.add((qid * 65_536 + port) * 4 + 1));
    }
  }
  assert.equal(set.add((1000 * 65_536 + 1000) * 4 + 1), false);
});
