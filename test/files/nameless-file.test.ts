import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { NamelessFile } from '../../src/files/nameless-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withEnvironment } from '../support/with-environment.ts';

test('holds what is appended, without a name', async (t) => {
  const directory = await temporaryDirectory(t);
  withEnvironment(t, { TMPDIR: directory });
  const file = new NamelessFile((cause) => new Error(String(cause)));
  file.append(Buffer.from('abc'));
  file.append(Buffer.from('def'));
  const target = Buffer.alloc(10);
  assert.equal(file.read(target, 2), 4);
  assert.equal(target.toString('utf8', 0, 4), 'cdef');
  assert.equal(file.length, 6);
  assert.deepEqual(readdirSync(directory), []);
  file.close();
});

test('tells in its owner’s words why it cannot be made', async (t) => {
  withEnvironment(t, { TMPDIR: `${await temporaryDirectory(t)}/none` });
  assert.throws(
    () => new NamelessFile((cause) => new Error(`no room: ${(cause as Error).message}`)),
    /no room: ENOENT/,
  );
});
