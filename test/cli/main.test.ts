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
async function call(t: TestContext, words: readonly string[], node: readonly string[] = []): Promise<Ended> {
  return spawnSync(process.execPath, [...node, COMMAND, ...words], {
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

test('the stack of a fault of the program names lines of TypeScript, at level 3', async (t) => {
  const fault = `
    import { syncBuiltinESMExports } from 'node:module';
    import net from 'node:net';
    net.createServer = () => { throw new RangeError('a fault'); };
    syncBuiltinESMExports();`;
  const { stdout } = await call(
    t,
    ['-csvfile=o.csv', `-plugininfo=${COMMAND}`, '-level=3', 'csv'],
    ['--import', `data:text/javascript,${encodeURIComponent(fault)}`],
  );
  assert.match(stdout, /RangeError: a fault/);
  assert.match(stdout, / at .*run-lock\.ts:\d+:\d+/);
  assert.doesNotMatch(stdout, / at .*run-lock\.js/);
});
