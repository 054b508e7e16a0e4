import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { writeLegacyPkcs12 } from '../../src/simulators/legacy-pkcs12.ts';
import { certificates } from '../support/certificates.ts';
import { initHere } from '../init/init-here.ts';
import { stageFor, type TestStage } from '../support/connector.ts';

const withCron = process.env.QC_TEST_CRON === '1';

/** Everything that a shell or a crontab takes for something else. */
const AWKWARD = `it's 100% "mine" & $HOME`;

test('the crontab line that -init prints does its work in an environment like that of cron', async (t) => {
  const { stage, line, log } = await prepare(t);
  // What cron does with a line: five fields, then a command in which \% is % and a bare % ends it.
  const command = line.replace(/^(\S+ ){5}/, '');
  assert.doesNotMatch(command, /(^|[^\\])%/);
  const shell = spawn('/bin/sh', ['-c', command.replaceAll('\\%', '%')], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', SHELL: '/bin/sh', HOME: '/', LOGNAME: 'nobody' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  assert.deepEqual(await once(shell, 'exit'), [0, null]);
  assert.match(await readFile(log, 'utf8'), /\[INFO\] Processing Complete\n$/);
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
});

test(
  'the crontab line that -init prints is run by a real cron',
  { skip: !withCron && 'changes the crontab of this user and starts cron: set QC_TEST_CRON=1' },
  async (t) => {
    const { stage, line, log } = await prepare(t);
    install(t, line.replace(/^0 3 /, '* * '));
    const cron = spawn('cron', ['-f'], { stdio: 'ignore' });
    // It ends at once where another one is running already; that one will do.
    t.after(() => cron.kill());
    await lastLine(log, /\[INFO\] Processing Complete\n$/);
    assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
  },
);

interface Prepared {
  readonly stage: TestStage;
  /** The line, with the simulated server's address in place of the example's. */
  readonly line: string;
  readonly log: string;
}

/** Does what -init tells the user to do: fills in the YAML, copies the certificate file. */
async function prepare(t: TestContext): Promise<Prepared> {
  const stage = await stageFor(t);
  const directory = join(stage.directory, AWKWARD);
  await mkdir(directory);
  const said = await initHere([`-init=${directory}`]);
  const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
  await copyFile(stage.files.yaml, yaml);
  await copyFile(stage.files.qualysCa, join(directory, 'InputPlugins', 'qualys-ca.pem'));
  const authority = certificates.internalAuthority.certificate;
  const pkcs12 = writeLegacyPkcs12({ ...certificates.client, authority }, '');
  await writeFile(join(directory, 'CertFile.pkcs12'), pkcs12, { mode: 0o600 });
  const printed = said.split('\n').map((text) => text.trim());
  const line = printed.find((text) => text.startsWith('0 3 * * * ')) ?? assert.fail(said);
  const { host, port } = stage.managementCenter;
  return {
    stage,
    line: line.replace('-server=10.10.10.10', `-server=${host} -port=${port}`),
    log: join(directory, 'connector.log'),
  };
}

/** Into this user's crontab, which must be empty before and is afterwards. */
function install(t: TestContext, line: string): void {
  const before = spawnSync('crontab', ['-l'], { encoding: 'utf8' }).stdout;
  assert.equal(before, '', 'this user has a crontab already: it is left alone');
  execFileSync('crontab', ['-'], { input: `${line}\n` });
  t.after(() => execFileSync('crontab', ['-r']));
}

/** Waits until the file ends in what is expected, or tells what it holds after three minutes. */
async function lastLine(file: string, expected: RegExp): Promise<void> {
  const read = (): Promise<string> => readFile(file, 'utf8').catch(() => '');
  const watcher = watch(join(file, '..'));
  try {
    await new Promise<void>((resolve, reject) => {
      // Each change is looked at after it: none can fall between two looks.
      const look = (): void => {
        void read().then((text) => {
          if (expected.test(text)) resolve();
        });
      };
      watcher.on('change', look);
      AbortSignal.timeout(180_000).addEventListener('abort', reject);
      look();
    });
  } catch {
    assert.fail(`cron did not run the line to its end; the log: ${await read()}`);
  } finally {
    watcher.close();
  }
}
