import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { commandFile } from '../support/command-file.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { connector, programPath, stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { scripted } from '../support/scripted.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const COMMANDS = 'SetSource,QualysGuard Scan Report\nAddHost,192.0.2.1\n';

suite('no output may be an input:', () => {
  test('the YAML file is neither replaced nor added to', async (t) => {
    const stage = await stageFor(t);
    const link = join(stage.directory, 'link');
    await symlink(stage.files.yaml, link);
    const before = await readFile(link, 'utf8');
    const ended = await connector([stage.plugininfo, '-csvfile=o.csv', `-logfile=${link}`]);
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.stderr, /^-logfile would write to .*link, which is the file of .*\[QC1005\]\n$/);
    assert.equal(await readFile(link, 'utf8'), before);
  });

  test('nor is a summary the file of a key', async (t) => {
    const stage = await stageFor(t);
    const { qualysCa } = stage.files;
    const before = await readFile(qualysCa);
    const ended = await runHere(t, stage.directory, [
      stage.plugininfo,
      '-csvfile=o.csv',
      `-summary=${qualysCa}`,
    ]);
    assert.equal(ended.code, 2, ended.stdout);
    assert.match(ended.stdout, /-summary would write to .* the file of qualys_ca\..*\[QC1005\]/);
    assert.ok(before.equals(await readFile(qualysCa)));
  });
});

suite('every output is tried before anything is downloaded:', () => {
  for (const output of ['csvfile', 'summary']) {
    test(`-${output}`, async (t) => {
      const stage = await stageFor(t);
      await writeFile(join(stage.directory, 'file'), '');
      const args = output === 'csvfile' ? [] : ['-csvfile=o.csv'];
      const ended = await runHere(t, stage.directory, [stage.plugininfo, ...args, `-${output}=file/o`]);
      assert.equal(ended.code, 2, ended.stdout);
      assert.match(
        ended.stdout,
        /file\/o cannot be written: a part of its path is not a directory.*\[QC6001\]/,
      );
      assert.equal(stage.qualys.transcript.length, 0);
    });
  }

  test('-summary makes its folder', async (t) => {
    const directory = await temporaryDirectory(t);
    const args = [...(await commandFile(directory, 1)), '-csvfile=o.csv', '-summary=a/b/s.json'];
    assert.equal((await runHere(t, directory, args)).code, 0);
    assert.match(await readFile(join(directory, 'a/b/s.json'), 'utf8'), /"exitCode": 0/);
  });
});

suite('-csvfile can be what the shell makes of it:', () => {
  /** What bash makes of a command line in which `QC` stands for the command and its file of commands. */
  async function inBash(t: TestContext, script: string) {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'commands.csv'), COMMANDS);
    const program = new URL('../../bin/qualys_connector.js', import.meta.url).pathname;
    const line = script.replaceAll('QC', `"${process.execPath}" "${program}" -plugininfo=commands.csv`);
    const options = { cwd: directory, encoding: 'utf8', timeout: 60_000 } as const;
    return { directory, ...spawnSync('bash', ['-o', 'pipefail', '-c', line], options) };
  }

  test('a pipe, with the log on standard error', async (t) => {
    const { status, stdout, stderr } = await inBash(t, 'QC -csvfile=- -utc csv | cat');
    assert.deepEqual([status, stdout], [0, COMMANDS]);
    assert.match(stderr, /^\d{4}-\d\d-\d\dT[\d:.]+Z \[INFO\] Processing Complete\n$/m);
  });

  test('a process, and the configuration what another one prints, which is read once', async (t) => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 3 })].join(''));
    const words = `"${process.execPath}" "${programPath()}" -report=report.xml`;
    const pipes = `-plugininfo=<(echo 'add_host: y') -csvfile=>(cat > o.csv; echo > done)`;
    const line = `${words} ${pipes}; code=$?; until [ -e done ]; do sleep 0.02; done; exit $code`;
    const { status, stdout } = spawnSync('bash', ['-c', line], { cwd: directory, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    assert.match(await readFile(join(directory, 'o.csv'), 'utf8'), /^SetSource,.*^AddHost,.*^ScanFlush$/ms);
  });

  test('a file that is added to', async (t) => {
    const { directory, status } = await inBash(t, 'echo "# first" > o; QC -csvfile=/dev/stdout csv >> o');
    assert.equal(status, 0);
    assert.equal(await readFile(join(directory, 'o'), 'utf8'), `# first\n${COMMANDS}`);
    assert.equal((await stat(join(directory, 'o'))).mode & 0o077, 0o044);
  });

  test('a pipe that nobody reads any more is told', async (t) => {
    const { status, stderr } = await inBash(t, 'QC -csvfile=/dev/stdout csv | true');
    assert.equal(status, 2, stderr);
    assert.match(stderr, /\/dev\/stdout cannot be written: nobody reads it any more \(EPIPE\).*\[QC6001\]/);
  });
});

test('a pipe with nobody at its other end holds no run up beyond the second signal', async (t) => {
  const stage = await stageFor(t);
  const fifos = ['a', 'b', 'c', 'd', 'e'].map((name) => join(stage.directory, name));
  assert.equal(spawnSync('mkfifo', fifos).status, 0);
  const [yaml = '', csv = '', summary = '', pkcs12 = '', password = ''] = fifos;
  const commands = await commandFile(stage.directory, 1);
  const toServer = stage.toServer.slice(0, 2);
  const waiting = [
    [`-csvfile=${stage.directory}/1.csv`, `-plugininfo=${yaml}`],
    [`-csvfile=${csv}`, ...commands],
    [`-csvfile=${stage.directory}/2.csv`, `-summary=${summary}`, ...commands],
    [...toServer, `-pkcs12=${pkcs12}`, ...commands],
    [
      ...stage.toServer.slice(0, 3),
      `-passwordfile=${password}`,
      ...(await commandFile(`${stage.directory}/InputPlugins`, 1)),
    ],
  ];
  // All in one process: one that held the process up would keep the others from hearing the signals.
  const { code, stdout, stderr } = await scripted(
    `import { readCommandLine } from 'SRC/cli/command-line.js';
     import { openLog } from 'SRC/log/open-log.js';
     import { noProgress } from 'SRC/progress.js';
     import { run } from 'SRC/run.js';
     const { PLUGINS } = await import('SRC/../InputPlugins/index.js');
     const runs = JSON.parse(process.argv[1]).map((words) => {
       const { options, plugin } = readCommandLine([...words, '-level=3'], { name: 'test', multiple: false }, PLUGINS);
       return run(options, plugin, openLog({ ...options, ident: plugin.name }), noProgress);
     });
     // Sends itself both signals when all of them do nothing but wait.
     let quiet = 0;
     setInterval(() => {
       quiet = /FSReq/.test(process.getActiveResourcesInfo()) ? 0 : quiet + 1;
       if (quiet === 4) process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM')).kill(process.pid, 'SIGTERM');
     }, 20);
     process.exit(Math.max(...await Promise.all(runs)));`,
    [JSON.stringify(waiting)],
  );
  assert.equal(stdout.split('once more to end at once').length - 1, waiting.length, stdout);
  assert.equal(code, 143, stdout + stderr);
});

test('a report that is a pipe or a device is refused at once', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'q.yaml'), '{}\n');
  for (const report of ['/dev/zero', 'fifo']) {
    spawnSync('mkfifo', [join(directory, 'fifo')]);
    const ended = await runHere(t, directory, ['-plugininfo=q.yaml', `-report=${report}`, '-csvfile=o.csv']);
    assert.equal(ended.code, 2, ended.stdout);
    assert.match(ended.stdout, /cannot be read: it is a pipe or a device; save it as a file\..*\[QC4010\]/);
  }
});
