import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AtomicFile } from '../../src/files/atomic-file.ts';
import { partialName, removeLeftovers } from '../../src/files/leftovers.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A process that writes a file in the directory, until it is killed. */
async function writer(t: TestContext, directory: string): Promise<{ kill: () => Promise<void> }> {
  const script = `
    import { AtomicFile } from ${compiled('src/files/atomic-file.js')};
    import { holdPartialFiles } from ${compiled('src/files/leftovers.js')};
    await holdPartialFiles();
    await AtomicFile.create('The file', ${JSON.stringify(join(directory, 'Output.csv'))});
    console.log('written'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async (): Promise<void> => {
    if (child.kill('SIGKILL')) await once(child, 'exit');
  };
  t.after(kill);
  await once(child.stdout, 'data');
  return { kill };
}

function compiled(file: string): string {
  return JSON.stringify(new URL(`../../${file}`, import.meta.url).href);
}

test('what a killed process was writing is removed and told, what a living one writes is not', async (t) => {
  const directory = await temporaryDirectory(t);
  const { kill } = await writer(t, directory);
  const [name = ''] = readdirSync(directory);
  assert.match(name, /^\.Output\.csv\..*\.partial$/);
  assert.deepEqual(await removeLeftovers(directory), []);
  assert.deepEqual(readdirSync(directory), [name]);
  await kill();
  const [told = '', ...more] = await removeLeftovers(directory);
  assert.equal(told, `Removed ${join(directory, name)}, which a run that was killed had left`);
  assert.deepEqual([more, readdirSync(directory)], [[], []]);
});

test('what this process writes, what is of another user, and what bears another name is left alone', async (t) => {
  const directory = await temporaryDirectory(t);
  const own = await AtomicFile.create('The file', join(directory, 'o.csv'));
  const foreign = partialName('foreign').replace(/(-[\da-f]{16})/, '-0123456789abcdef');
  if (process.getuid?.() === 0) {
    writeFileSync(join(directory, foreign), '');
    chownSync(join(directory, foreign), 12345, 12345);
  }
  for (const name of ['.o.csv.partial', 'report.xml', '.o.csv.5f0e-1.partial']) {
    writeFileSync(join(directory, name), '');
  }
  const before = readdirSync(directory);
  assert.deepEqual(await removeLeftovers(directory), []);
  assert.deepEqual(readdirSync(directory), before);
  await own.discard();
});

test('a file of another host or container is left only when nobody has written to it for a day', async (t) => {
  const directory = await temporaryDirectory(t);
  const name = partialName('o.csv').replace(/qc-[\da-f]{8}-[\da-f]{16}/, 'qc-00000000-0123456789abcdef');
  const path = join(directory, name);
  writeFileSync(path, '');
  assert.deepEqual(await removeLeftovers(directory), []);
  const before = Date.now() / 1000 - 25 * 60 * 60;
  utimesSync(path, before, before);
  assert.equal((await removeLeftovers(directory)).length, 1);
  assert.deepEqual(readdirSync(directory), []);
});

test('a folder that is not there holds nothing', async () => {
  assert.deepEqual(await removeLeftovers('/none'), []);
});
