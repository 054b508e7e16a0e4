import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { permissionWarning } from '../../src/files/permissions.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function fileOf(t: TestContext, mode: number): Promise<string> {
  const path = join(await temporaryDirectory(t), "it's secret");
  await writeFile(path, 'geheim');
  await chmod(path, mode);
  return path;
}

test('a file that everybody can read is told, with a command that mends it', async (t) => {
  for (const mode of [0o644, 0o604, 0o666]) {
    const path = await fileOf(t, mode);
    const warning = permissionWarning(path);
    assert.match(warning ?? '', new RegExp(`mode 0${mode.toString(8)}`));
    const command = /chmod 600 .*$/.exec(warning ?? '')?.[0] ?? 'false';
    assert.equal(spawnSync('sh', ['-c', command]).status, 0);
    assert.equal(permissionWarning(path), undefined);
  }
});

test('a private, absent or special file, or one for a group, is no reason to warn', async (t) => {
  assert.equal(permissionWarning(await fileOf(t, 0o640)), undefined);
  assert.equal(permissionWarning(await fileOf(t, 0o400)), undefined);
  assert.equal(permissionWarning('/none'), undefined);
  assert.equal(permissionWarning('/dev/null'), undefined);
  const loop = join(await temporaryDirectory(t), 'loop');
  await symlink('loop', loop);
  assert.equal(permissionWarning(loop), undefined);
});

test("systemd's credentials are not for everybody, whatever their mode", async (t) => {
  const path = await fileOf(t, 0o444);
  const before = process.env.CREDENTIALS_DIRECTORY;
  t.after(() => {
    if (before === undefined) delete process.env.CREDENTIALS_DIRECTORY;
    else process.env.CREDENTIALS_DIRECTORY = before;
  });
  process.env.CREDENTIALS_DIRECTORY = `${path}/../`;
  assert.equal(permissionWarning(path), undefined);
  process.env.CREDENTIALS_DIRECTORY = '/elsewhere';
  assert.match(permissionWarning(path) ?? '', /mode 0444/);
});
