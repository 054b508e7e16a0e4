import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { realPath } from '../../src/files/real-path.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('links to a file or its folder lead to one path, before the file is there and after', async (t) => {
  const directory = await realpath(await temporaryDirectory(t));
  await mkdir(join(directory, 'out'));
  await symlink('out', join(directory, 'link'));
  const file = join(directory, 'out', 'Output.csv');
  assert.equal(await realPath(join(directory, 'link', 'Output.csv')), file);
  await writeFile(file, '');
  await symlink('Output.csv', join(directory, 'out', 'Other.csv'));
  assert.equal(await realPath(join(directory, 'link', 'Other.csv')), file);
  assert.equal(await realPath('/none/Output.csv'), '/none/Output.csv');
});
