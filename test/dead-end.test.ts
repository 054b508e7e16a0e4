import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Scripted, scripted } from './support/scripted.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

/** A run, or with `test` a -test, of a plugin that gets ready as `prepare` says. */
function stumble(prepare: string, options: Readonly<Record<string, unknown>> = {}): Promise<Scripted> {
  return scripted(
    `import { readCommandLine } from 'SRC/cli/command-line.js';
     import { openLog } from 'SRC/log/open-log.js';
     import { noProgress } from 'SRC/progress.js';
     import { print } from 'SRC/print.js';
     import { testReadiness } from 'SRC/readiness.js';
     import { run } from 'SRC/run.js';
     const prepare = ${prepare};
     const plugin = { name: 'Lame', description: '', info: '', parameters: [], configFile: () => 'none', prepare };
     const line = readCommandLine(['-csvfile=/none/Output.csv', 'Lame'], { name: 'test', multiple: false }, [plugin]);
     const options = { ...line.options, ...JSON.parse(process.argv[1]) };
     const log = openLog({ ...options, ident: plugin.name });
     const code = options.test
       ? await testReadiness(options, plugin, log, print)
       : await run(options, plugin, log, noProgress);
     await log.close();
     process.exit(code);`,
    [JSON.stringify(options)],
  );
}

const NEVER = '() => new Promise(() => undefined)';
const UNCAUGHT = `() => new Promise(() => setImmediate(() => { throw new TypeError('out of the blue'); }))`;
const THROWN = `() => { throw new TypeError('out of the blue'); }`;

for (const [what, prepare, told] of [
  ['has nothing left to wait for', NEVER, 'The run is not done, and nothing of it goes on'],
  ['throws where nobody catches', UNCAUGHT, 'out of the blue'],
  ['fails of a fault of the program', THROWN, 'out of the blue'],
] as const) {
  test(`a run that ${what} ends with a log line, a summary and exit code 2`, async (t) => {
    const summary = join(await temporaryDirectory(t), 'summary.json');
    const { code, stdout, stderr } = await stumble(prepare, { summary });
    assert.equal(code, 2, stdout + stderr);
    assert.match(
      stdout,
      new RegExp(`\\[ERROR\\] Error detected .*: ${told}\\. This is a fault of the program`),
    );
    assert.match(stdout, /\[QC9000\]\n/);
    assert.equal(stderr, '');
    const { error, exitCode } = JSON.parse(await readFile(summary, 'utf8')) as {
      error: { code: string };
      exitCode: number;
    };
    assert.deepEqual([error.code, exitCode], ['QC9000', 2]);
  });

  test(`-test that ${what} says so, exit code 2`, async () => {
    const { code, stdout, stderr } = await stumble(prepare, { test: true });
    assert.equal(code, 2, stdout + stderr);
    assert.match(stdout, new RegExp(`^${told}\\. This is a fault of the program.*\\[QC9000\\]$`, 'm'));
    assert.equal(stderr, '');
  });
}

test('at level 3 the stack of a fault names TypeScript files and lines', async () => {
  const opensLog = `async () => {
    const { openLog } = await import('SRC/log/open-log.js');
    openLog({ get logfile() { throw new TypeError('out of the blue'); } });
  }`;
  const { stdout } = await stumble(opensLog, { level: 3 });
  assert.match(stdout, /\[DEBUG\]\s+at openLog \(src\/log\/open-log\.ts,\d+\)/);
  assert.doesNotMatch(stdout, /dist\/src/);
});
