import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
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
  for (const [word, code] of [
    ['-fingerprint=abc', 'QC5030'],
    ['-server=http://mc', 'QC5040'],
    ['-port=0', 'QC1002'],
  ] as const) {
    test(word, async (t) => {
      const { stdout, stderr } = await call(t, ['-server=mc', '-pkcs12=none.pkcs12', '-logfile=log', word]);
      assert.match(stderr, new RegExp(`^[^\n]* \\[${code}\\]\n$`));
      assert.equal(stdout, '');
    });
  }
});

test('what is shown of a wrong word does no harm to a terminal', async (t) => {
  const { stderr } = await call(t, ['-server=mc', '\u001b[2Jodd\nword']);
  assert.match(stderr, /'\\x1b\[2Jodd\\nword'/);
});
