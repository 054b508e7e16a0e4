import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AtomicFile } from '../../src/files/atomic-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('texts of any length and of both encodings come into the file in their order, and their bytes are told', async (t) => {
  const path = join(await temporaryDirectory(t), 'Output.csv');
  const texts = [1, 60_000, 70_000, 131_072, 131_073, 400_000, 3, 0].flatMap((length, index) => [
    { text: String(index).repeat(length), encoding: 'utf8' as const },
    { text: 'ä€'.repeat(length), encoding: 'utf8' as const },
    { text: 'ü'.repeat(length), encoding: 'latin1' as const },
  ]);
  const file = await AtomicFile.create('The file', path);
  let told = 0;
  for (const { text, encoding } of texts) told += await file.write(text, encoding);
  await file.commit();
  const expected = Buffer.concat(texts.map(({ text, encoding }) => Buffer.from(text, encoding)));
  assert.equal(told, expected.length);
  assert.ok(readFileSync(path).equals(expected));
});
