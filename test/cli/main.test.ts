import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const COMMAND = fileURLToPath(new URL('../../bin/qualys_connector.js', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a directory with nothing in it. */
async function call(t: TestContext, words: readonly string[]): Promise<Ended> {
  return spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: await temporaryDirectory(t),
    encoding: 'utf8',
  });
}

suite('what is wrong with an option is told before anything is read', () => {
  for (const [word, qc] of [
    ['-fingerprint=abc', 'QC5030'],
    ['-server=http://mc', 'QC5040'],
    ['-port=0', 'QC1002'],
  ] as const) {
    test(word, async (t) => {
      const words = ['-server=mc', '-pkcs12=none.pkcs12', word];
      const { code, stdout, stderr } = await runHere(t, await temporaryDirectory(t), words);
      assert.match(stderr, new RegExp(`^[^\n]* \\[${qc}\\]\n$`));
      assert.deepEqual([code, stdout], [2, '']);
    });
  }
});

test('what is shown of a wrong word does no harm to a terminal', async (t) => {
  const { status, stdout, stderr } = await call(t, ['-server=mc', '-logfile=log', '\u001b[2Jodd\nword']);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /'\\x1b\[2Jodd\\nword'/);
});

suite(
  'what is printed but cannot be',
  { skip: !existsSync('/dev/full') && 'there is no /dev/full here' },
  () => {
    const noRoom = ['where there is no room', '> /dev/full'] as const;
    const noReader = ['where nobody reads', '| true'] as const;
    // All print by one way: what answers at once, what writes files before it, what takes a while.
    for (const [words, ways] of [
      [['-version'], [noRoom, noReader]],
      [['-init=new'], [noRoom]],
      [['-test', '-server=127.0.0.1', '-port=1'], [noReader]],
    ] as const) {
      for (const [where, to] of ways) {
        test(`${words.join(' ')}, ${where}: a line and exit code 2`, async (t) => {
          const script = `set -o pipefail; "$@" ${to}`;
          const { status, stderr } = spawnSync(
            'bash',
            ['-c', script, 'bash', process.execPath, COMMAND, ...words],
            {
              cwd: await temporaryDirectory(t),
              encoding: 'utf8',
            },
          );
          assert.match(stderr, /^Standard output cannot be written: .* \[QC1402\]\n$/);
          assert.equal(status, 2);
        });
      }
    }
  },
);
