import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { commandFile } from '../support/command-file.ts';
import { connector, type Ended, signalAfter, stageFor, type TestStage } from '../support/connector.ts';
import { tcpServer } from '../support/local-tls-server.ts';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs it in its own directory, with temporary files in another, and sends the signal once it said something. */
async function interrupted(
  stage: TestStage,
  signal: keyof typeof CODES,
  said: string,
  ...args: readonly string[]
): Promise<Ended> {
  const [work, spool] = [join(stage.directory, 'work'), join(stage.directory, 'tmp')];
  await mkdir(work);
  await mkdir(spool);
  const ended = await connector(args, {
    cwd: work,
    env: { TMPDIR: spool },
    meanwhile: signalAfter(said, signal),
  });
  assert.equal(ended.code, CODES[signal], ended.output);
  assert.match(ended.output, new RegExp(`The run was ended by ${signal} before it was done.*\\[QC7101\\]`));
  assert.doesNotMatch(ended.output, /Processing Complete\n/);
  assert.equal(ended.stderr, '');
  assert.deepEqual(await readdir(work), []);
  assert.deepEqual(await readdir(spool), []);
  return ended;
}

test('SIGTERM during the TLS handshake', async (t) => {
  const stage = await stageFor(t);
  const { port } = await tcpServer(t, () => undefined);
  const [, , ...rest] = stage.toServer;
  await interrupted(stage, 'SIGTERM', 'Connecting', '-server=127.0.0.1', `-port=${port}`, ...rest);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('SIGINT while the first answer is awaited', async (t) => {
  const stage = await stageFor(t, { managementCenter: { faults: () => ({ does: 'silence' }) } });
  await interrupted(stage, 'SIGINT', 'Connecting', ...stage.toServer);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('SIGTERM while the report is generated', async (t) => {
  const stage = await stageFor(t, { qualys: { timeline: { running: 1_000_000 } } });
  await interrupted(stage, 'SIGTERM', 'launched in Qualys', ...stage.toServer);
  assert.equal(stage.qualys.launches, 1);
  assert.deepEqual(stage.qualys.alive(), []);
});

test('SIGINT while the report is downloaded', async (t) => {
  const stage = await stageFor(t, { qualys: { faults: [{ at: 'fetch', kind: 'stalled', times: 9 }] } });
  await interrupted(stage, 'SIGINT', 'finished after', ...stage.toServer);
  assert.deepEqual(stage.qualys.alive(), []);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('SIGTERM while the CSV file is written: none is left', async (t) => {
  const stage = await stageFor(t);
  const report = join(stage.directory, 'report.xml');
  await writeFile(report, sampleReport({ hosts: 3000 }));
  const args = [stage.plugininfo, `-report=${report}`, '-csvfile=Output.csv'];
  await interrupted(stage, 'SIGTERM', 'Generating CSV File', ...args);
});

test('SIGINT while a lost connection waits to be opened again', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: { faults: ({ block }) => (block > 0 ? { does: 'reset' } : undefined) },
  });
  const file = await commandFile(stage.directory, 3);
  const ended = await interrupted(
    stage,
    'SIGINT',
    'Trying again in 1 s (1 of 5)',
    ...stage.toServer.slice(0, 3),
    ...file,
  );
  assert.match(ended.stdout, /hosts delivered +0\n/);
});

test('SIGTERM during -test', async (t) => {
  const stage = await stageFor(t, { managementCenter: { faults: () => ({ does: 'silence' }) } });
  await interrupted(stage, 'SIGTERM', 'certificate validity', ...stage.toServer, '-test');
});
test('SIGTERM while another run is waited for ends the waiting one only', async (t) => {
  const stage = await stageFor(t, { qualys: { timeline: { running: 1_000_000 } } });
  let waiting: Promise<Ended> | undefined;
  const first = connector(stage.toServer, {
    meanwhile: (child) => {
      stage.qualys.events.once('request', () => {
        waiting = connector([...stage.toServer, '-wait=600', '-level=3'], {
          meanwhile: signalAfter('Command Options', 'SIGTERM'),
        });
        void waiting.then(() => child.kill('SIGTERM'));
      });
    },
  });
  assert.equal((await first).code, 143);
  assert.equal((await waiting)?.code, 143);
  assert.equal(stage.qualys.launches, 1);
});

test('SIGUSR1 opens no debugger', async (t) => {
  const stage = await stageFor(t, { qualys: { timeline: { running: 1_000_000 } } });
  const ended = await connector(stage.toServer, {
    meanwhile: (child) => {
      stage.qualys.events.once('request', () => {
        child.kill('SIGUSR1');
        stage.qualys.events.once('request', () => child.kill('SIGTERM'));
      });
    },
  });
  assert.equal(ended.code, 143, ended.output);
  assert.doesNotMatch(ended.stderr, /Debugger/);
});
