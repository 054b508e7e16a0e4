import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBounded } from '../../src/files/read-bounded.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a file that fits is whole, a longer one is cut and says so', async (t) => {
  const file = join(await temporaryDirectory(t), 'file');
  writeFileSync(file, 'abcdef', { mode: 0o640 });
  const six = await readBounded(file, 6);
  assert.deepEqual([six.bytes.toString(), six.whole, six.mode], ['abcdef', true, 0o640]);
  const five = await readBounded(file, 5);
  assert.deepEqual([five.bytes.toString(), five.whole], ['abcde', false]);
});

test('a device without end is read no further than it must be', async () => {
  const zeros = await readBounded('/dev/zero', 1000);
  assert.deepEqual([zeros.bytes.length, zeros.whole], [1000, false]);
});

test('reading ends where it is enough', async () => {
  const zeros = await readBounded('/dev/zero', 1_000_000, (bytes) => bytes.length > 0);
  assert.ok(zeros.bytes.length > 0);
});
