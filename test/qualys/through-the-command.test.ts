import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { makeAuthority } from '../../src/simulators/certificates.ts';
import type { PlannedFault } from '../../src/simulators/qualys/qualys-simulator.ts';
import { STAGE, type StageOptions } from '../../src/simulators/stage.ts';
import { connector, type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { startPlainProxy } from '../support/plain-proxy.ts';
import { runHere } from '../support/run-here.ts';

/** A stage whose reports are stored in a directory that can be looked into. */
async function openStage(t: TestContext, options: Omit<StageOptions, 'directory'> = {}): Promise<TestStage> {
  const stage = await stageFor(t, {
    hosts: 20,
    ...options,
    yaml: ['report_dir: reports', ...(options.yaml ?? [])],
  });
  await mkdir(reportsOf(stage));
  return stage;
}

function reportsOf(stage: TestStage): string {
  return join(stage.directory, 'InputPlugins', 'reports');
}

interface CsvRun {
  readonly ended: Ended;
  readonly csv: string;
}

/** Downloads into a CSV file; whatever happens, one launch, nothing left in Qualys or here, no secret shown. */
async function toCsv(t: TestContext, stage: TestStage, env: Record<string, string> = {}): Promise<CsvRun> {
  const file = join(stage.directory, 'Output.csv');
  const words = [stage.plugininfo, `-csvfile=${file}`, '-level=3'];
  // Node.js reads that variable when it starts.
  const ended =
    'NODE_EXTRA_CA_CERTS' in env
      ? await connector(words, { env, cwd: stage.directory })
      : await runHere(t, stage.directory, words, { env });
  assert.ok(stage.qualys.launches <= 1);
  assert.ok(stage.qualys.mostAtOnce <= 1);
  assert.deepEqual(stage.qualys.alive(), []);
  assert.deepEqual(await readdir(reportsOf(stage)), []);
  const seen = ended.output + stage.qualys.transcript.map(({ url, body }) => url + body).join('');
  assert.ok(!seen.includes(STAGE.password) && !seen.includes('SIMPOD'));
  assert.doesNotMatch(ended.output, /\n\s+at /);
  return { ended, csv: await readFile(file, 'utf8').catch(() => '') };
}

describe('the command, downloading from Qualys into a CSV file', () => {
  it('writes the same file whatever passes on the way', async (t) => {
    // What is between two tries is left out: a quarter of a minute.
    const waits = t.mock.method(systemClock, 'sleep', () => new Promise((resolve) => setImmediate(resolve)));
    const plain = await toCsv(t, await openStage(t));
    assert.equal(plain.ended.code, 0, plain.ended.output);
    const faults: PlannedFault[] = [
      { at: 'launch', kind: 'reset', times: 1, done: true },
      { at: 'list', kind: 'page 503', times: 1 },
      { at: 'fetch', kind: 'simple 7001', times: 1 },
      { at: 'fetch', kind: 'cut by close', times: 1, after: 1 },
      { at: 'delete', kind: 'simple 999', times: 1 },
    ];
    const troubled = await toCsv(t, await openStage(t, { qualys: { faults } }));
    assert.equal(troubled.ended.code, 0, troubled.ended.output);
    assert.equal(troubled.csv, plain.csv);
    assert.match(troubled.ended.output, /\[WARN[A-Z]*\].*HTTP 503.*Next try/);
    assert.ok(waits.mock.callCount() >= faults.length);
  });

  it('ends at once on what does not pass, with the words of Qualys', async (t) => {
    const faults: PlannedFault[] = [{ at: 'launch', kind: 'simple 2003', times: Infinity }];
    const stage = await openStage(t, { qualys: { faults } });
    const { ended } = await toCsv(t, stage);
    assert.equal(ended.code, 2);
    assert.match(ended.output, /<CODE>2003<\/CODE>.*Registration must be completed.*\[QC3023\]/);
    assert.equal(stage.qualys.transcript.length, 1);
  });

  it('ends when report_timeout is over, naming the last trouble', async (t) => {
    const faults: PlannedFault[] = [{ at: 'fetch', kind: 'page 502', times: Infinity }];
    const stage = await openStage(t, { qualys: { faults }, yaml: ['report_timeout: 2'] });
    const { ended } = await toCsv(t, stage);
    assert.equal(ended.code, 2);
    assert.match(ended.output, /within 2 seconds \(report_timeout\).*Bad Gateway.*\[QC3038\]/);
  });

  it('cancels and deletes the report when it is told to end', async (t) => {
    const stage = await openStage(t, { qualys: { timeline: { running: Infinity } } });
    const file = join(stage.directory, 'Output.csv');
    const ended = await connector([stage.plugininfo, `-csvfile=${file}`], {
      meanwhile: (child) => {
        stage.qualys.events.on('request', ({ endpoint }: { endpoint: string }) => {
          if (endpoint === 'list') child.kill('SIGTERM');
        });
      },
    });
    assert.equal(ended.code, 143, ended.output);
    assert.deepEqual(stage.qualys.alive(), []);
    assert.deepEqual(await readdir(reportsOf(stage)), []);
  });

  it('takes the way through the proxy of the environment', async (t) => {
    const stage = await openStage(t);
    const proxy = await startPlainProxy(t);
    const { ended } = await toCsv(t, stage, { HTTPS_PROXY: `http://gate:s3cr%21t@127.0.0.1:${proxy.port}` });
    assert.equal(ended.code, 0, ended.output);
    assert.equal(proxy.connects[0], `localhost:${stage.qualys.port}`);
    assert.ok(!/s3cr(?:%21|!)t/.test(ended.output));
  });
});

describe('the authorities that the command trusts', () => {
  it('are those of NODE_EXTRA_CA_CERTS too, with and without qualys_ca', async (t) => {
    const stage = await openStage(t);
    const extra = { NODE_EXTRA_CA_CERTS: stage.files.qualysCa };
    const other = join(stage.directory, 'InputPlugins', 'other-ca.pem');
    await writeFile(other, makeAuthority('Another authority').certificate);
    const yaml = await readFile(stage.files.yaml, 'utf8');

    await writeFile(stage.files.yaml, yaml.replace('qualys_ca: qualys-ca.pem', 'qualys_ca: other-ca.pem'));
    const refused = await toCsv(t, stage);
    assert.equal(refused.ended.code, 2);
    assert.match(refused.ended.output, /not trusted.*qualys_ca.*NODE_EXTRA_CA_CERTS.*\[QC3003\]/);
    const both = await toCsv(t, stage, extra);
    assert.equal(both.ended.code, 0, both.ended.output);

    const alone = await openStage(t);
    await writeFile(
      alone.files.yaml,
      (await readFile(alone.files.yaml, 'utf8')).replace('qualys_ca: qualys-ca.pem', ''),
    );
    const only = await toCsv(t, alone, { NODE_EXTRA_CA_CERTS: alone.files.qualysCa });
    assert.equal(only.ended.code, 0, only.ended.output);
  });
});

/** Mounts a file system of 64 KB there; false where this user may not. */
function mountTiny(directory: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tiny', directory]).status === 0;
}

describe('the command on a full disk', () => {
  it('says so, deletes the report in Qualys and leaves nothing behind', async (t) => {
    const stage = await openStage(t, { hosts: 500 });
    if (!mountTiny(reportsOf(stage))) {
      t.skip('this user may not mount a tmpfs');
      return;
    }
    try {
      const { ended, csv } = await toCsv(t, stage);
      assert.equal(ended.code, 2, ended.output);
      assert.match(ended.output, /could not be written to .* the disk is full \(ENOSPC\).*\[QC3052\]/);
      assert.equal(csv, '');
      assert.equal(stage.qualys.launches, 1);
    } finally {
      // Before the directory around it is removed.
      spawnSync('umount', [reportsOf(stage)]);
    }
  });
});
