import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { runProgram } from '../../src/programs/run-program.ts';
import type { Words } from '../../src/programs/words.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const OPTIONS = { env: { PATH: '/usr/bin:/bin' }, seconds: 20, kept: 100 };
const shell = (script: string): Words => ['sh', '-c', script];

/** A program of the test's own, in a directory that is then the current one. */
async function programHere(t: TestContext, mode = 0o755): Promise<string> {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'qc-own'), '#!/bin/sh\necho run\n');
  await chmod(join(directory, 'qc-own'), mode);
  const before = process.cwd();
  process.chdir(directory);
  t.after(() => {
    process.chdir(before);
  });
  return directory;
}

suite('a program', () => {
  test('gets its words as they are: no shell looks at them', async () => {
    const { output, trouble } = await runProgram(['echo', '$HOME;', '*', "a 'b"], OPTIONS);
    assert.deepEqual([output.toString(), trouble], ["$HOME; * a 'b\n", undefined]);
  });

  test('is found in PATH, but never in the current directory', async (t) => {
    const directory = await programHere(t);
    for (const PATH of [undefined, '', ':', '.', '.:/usr/bin', './', 'x:']) {
      const { trouble } = await runProgram(['qc-own'], { ...OPTIONS, env: { PATH } });
      assert.match(trouble ?? '', /^it is not there/, PATH);
    }
    const found = await runProgram(['qc-own'], { ...OPTIONS, env: { PATH: directory } });
    assert.equal(found.output.toString(), 'run\n');
    const absolute = await runProgram([join(directory, 'qc-own')], OPTIONS);
    assert.equal(absolute.output.toString(), 'run\n');
  });

  test('that is not there, or may not be run, is told in one sentence', async (t) => {
    const directory = await programHere(t, 0o644);
    const { trouble } = await runProgram([join(directory, 'none'), 'word'], OPTIONS);
    assert.equal(trouble, 'it is not there (ENOENT)');
    const forbidden = await runProgram([join(directory, 'qc-own')], OPTIONS);
    assert.equal(forbidden.trouble, 'it may not be run (EACCES); chmod +x allows it');
    const byName = await runProgram(['qc-own'], { ...OPTIONS, env: { PATH: directory } });
    assert.equal(byName.trouble, `${join(directory, 'qc-own')} may not be run; chmod +x allows it`);
  });

  test('is judged by how it ends, and its standard error is told', async () => {
    const { trouble, complaint } = await runProgram(shell('echo "no key" >&2; exit 3'), OPTIONS);
    assert.deepEqual([trouble, complaint], ['it ended with exit code 3', 'no key\n']);
    assert.equal((await runProgram(shell('kill -KILL $$'), OPTIONS)).trouble, 'it was ended by SIGKILL');
  });

  test('has nothing to read, and may write more than is kept', async () => {
    const { output, trouble } = await runProgram(shell('cat; head -c 500000 /dev/zero'), OPTIONS);
    assert.deepEqual([output.length, trouble], [100, undefined]);
  });

  test('that takes too long is ended, with all that it started', async (t) => {
    const file = join(await temporaryDirectory(t), 'pid');
    const script = `trap "" TERM; sleep 1000 & echo $! > '${file}'; wait; sleep 1000`;
    const { trouble } = await runProgram(shell(script), { ...OPTIONS, seconds: 0.3 });
    assert.equal(trouble, 'it was not done in 0.3 seconds');
    assert.equal(await isRunning((await readFile(file, 'utf8')).trim()), false);
  });

  test('is done when it has ended, though what it left running holds its output open', async () => {
    const { output, trouble } = await runProgram(shell('sleep 5 & echo secret'), OPTIONS);
    assert.deepEqual([output.toString(), trouble], ['secret\n', undefined]);
  });
});

/** A process that nobody has collected yet does not run. */
async function isRunning(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) [ZX]/.test(stat);
}
