import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { redacted } from '../../src/cli/hide-arguments.ts';

const CHILD = fileURLToPath(new URL('hiding-child.js', import.meta.url));

/** Runs the program with these words and tells what it said and what the process list says of it. */
async function look(words: readonly string[]): Promise<{ said: string; listed: string }> {
  const child = spawn(process.execPath, [CHILD, ...words]);
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const file = `/proc/${child.pid ?? 0}/cmdline`;
  const listed = existsSync(file)
    ? readFileSync(file, 'utf8')
    : spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(child.pid)], { encoding: 'utf8' }).stdout;
  child.stdin.end();
  await once(child, 'close');
  return { said, listed };
}

suite('a password on the command line', () => {
  test('is found however its option is written', () => {
    const shown: [string[], string[]][] = [
      [['-password=geheim'], ['-password=***']],
      [
        ['--PASSW', 'geheim', 'csv'],
        ['--PASSW', '***', 'csv'],
      ],
      [['+pa=ge=heim'], ['+pa=***']],
      [
        ['-server', '-password=x', '-pa', '-level'],
        ['-server', '-password=x', '-pa', '***'],
      ],
      [
        ['-passwordfile=x', '-p', 'y'],
        ['-passwordfile=x', '-p', 'y'],
      ],
      [
        ['--', '-password=x'],
        ['--', '-password=x'],
      ],
      [['-password='], ['-password=']],
      [
        ['-password', '=', 'x', 'csv'],
        ['-password', '***', '***', 'csv'],
      ],
    ];
    for (const [words, expected] of shown) assert.deepEqual(redacted(words), expected);
  });

  for (const words of [
    ['-password=Streng-Geheim-4711'],
    ['-server=192.0.2.1', '-PASS', 'Streng-Geheim-4711', '-level=3'],
  ]) {
    test(`is gone from the process list and process.argv, and given to the program: ${words[0] ?? ''}`, async () => {
      const { said, listed } = await look(words);
      assert.ok(listed.includes('***'), listed);
      assert.ok(!listed.includes('Streng'), listed);
      assert.ok(!listed.includes('4711'), listed);
      const { given, argv } = JSON.parse(said) as { given: string[]; argv: string[] };
      assert.deepEqual(given, words);
      assert.ok(!argv.join().includes('4711'));
    });
  }

  test('without one the process list is left as it is', async () => {
    const { listed } = await look(['-server=192.0.2.1']);
    assert.ok(listed.includes('\0') || process.platform !== 'linux');
    assert.ok(listed.includes('-server=192.0.2.1'));
  });
});
