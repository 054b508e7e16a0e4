import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Scripted, scripted } from './support/scripted.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

/** Each a run, or with `test` a -test, of a plugin that gets ready as `prepare` says, one after the other. */
function stumble(prepare: string, ...each: readonly Readonly<Record<string, unknown>>[]): Promise<Scripted> {
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
     let code;
     for (const more of JSON.parse(process.argv[1])) {
       const options = { ...line.options, ...more };
       const log = openLog({ ...options, ident: plugin.name });
       code = options.test
         ? await testReadiness(options, plugin, log, print)
         : await run(options, plugin, log, noProgress);
       await log.close();
       await print('exit code ' + code + '\\n');
     }
     process.exit(code);`,
    [JSON.stringify(each)],
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
  test(`a run that ${what} ends with a log line, a summary and exit code 2, and -test says so`, async (t) => {
    const summary = join(await temporaryDirectory(t), 'summary.json');
    const { code, stdout, stderr } = await stumble(prepare, { summary }, { test: true });
    assert.deepEqual([code, stderr], [2, ''], stdout + stderr);
    const [ofRun = '', ofTest = '', rest] = stdout.split('exit code 2\n');
    assert.equal(rest, '', stdout);
    assert.match(
      ofRun,
      new RegExp(`\\[ERROR\\] Error detected .*: ${told}\\. This is a fault of the program`),
    );
    assert.match(ofRun, /\[QC9000\]\n/);
    const { error, exitCode } = JSON.parse(await readFile(summary, 'utf8')) as {
      error: { code: string };
      exitCode: number;
    };
    assert.deepEqual([error.code, exitCode], ['QC9000', 2]);
    assert.match(ofTest, new RegExp(`^${told}\\. This is a fault of the program.*\\[QC9000\\]$`, 'm'));
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
