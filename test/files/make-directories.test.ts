import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectories } from '../../src/files/make-directories.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('missing parents are made too, and what is there is left alone', async (t) => {
  const directory = join(await temporaryDirectory(t), 'a', 'b', 'c');
  makeDirectories(directory, 0o700);
  makeDirectories(directory, 0o755);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, '..')).mode & 0o777, 0o700);
});

test('a file in the way is an error', async (t) => {
  const file = join(await temporaryDirectory(t), 'file');
  writeFileSync(file, '');
  assert.throws(() => {
    makeDirectories(join(file, 'a', 'b'));
  }, /ENOTDIR/);
});

test('a place where nothing can be made is an error, and does not go on for ever', () => {
  const place = process.platform === 'linux' ? '/proc/none/here' : '/dev/none/here';
  assert.throws(() => {
    makeDirectories(place);
  });
});
