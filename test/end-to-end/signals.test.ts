import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { said } from '../support/changed.ts';
import { commandFile } from '../support/command-file.ts';
import { connector, type Ended, signalAfter, stageFor, type TestStage } from '../support/connector.ts';
import { tcpServer } from '../support/local-tls-server.ts';
import { runHere } from '../support/run-here.ts';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The directories that a run has to itself: where it works, and where temporary files go. */
async function directoriesOf(stage: TestStage): Promise<{ work: string; spool: string }> {
  const [work, spool] = [join(stage.directory, 'work'), join(stage.directory, 'tmp')];
  await mkdir(work);
  await mkdir(spool);
  return { work, spool };
}

async function endedInOrder(
  { code, output, stderr }: Ended,
  signal: keyof typeof CODES,
  ...directories: readonly string[]
): Promise<void> {
  assert.equal(code, CODES[signal], output);
  assert.match(output, new RegExp(`The run was ended by ${signal} before it was done.*\\[QC7101\\]`));
  assert.doesNotMatch(output, /Processing Complete\n/);
  assert.equal(stderr, '');
  for (const directory of directories) assert.deepEqual(await readdir(directory), []);
}

/** A run in this process, which gets the signal once the run said something. */
async function interrupted(
  t: TestContext,
  stage: TestStage,
  signal: keyof typeof CODES,
  words: string,
  ...args: readonly string[]
): Promise<Ended> {
  const { work, spool } = await directoriesOf(stage);
  const running = runHere(t, work, args, { env: { TMPDIR: spool } });
  const heard = await Promise.race([said(work, words).then(() => true), running.then(() => false)]);
  assert.ok(heard, `the run ended before it said: ${words}`);
  process.kill(process.pid, signal);
  const ended = await running;
  await endedInOrder(ended, signal, work, spool);
  return ended;
}

test('SIGTERM during the TLS handshake', async (t) => {
  const stage = await stageFor(t);
  const { port } = await tcpServer(t, () => undefined);
  const [, , ...rest] = stage.toServer;
  await interrupted(t, stage, 'SIGTERM', 'Connecting', '-server=127.0.0.1', `-port=${port}`, ...rest);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('SIGINT while the first answer is awaited', async (t) => {
  const stage = await stageFor(t, { managementCenter: { faults: () => ({ does: 'silence' }) } });
  await interrupted(t, stage, 'SIGINT', 'Connecting', ...stage.toServer);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('SIGTERM while the report is generated, through the real command, whose debugger no SIGUSR1 opens', async (t) => {
  const stage = await stageFor(t, { qualys: { timeline: { running: 1_000_000 } } });
  const { work, spool } = await directoriesOf(stage);
  const ended = await connector(stage.toServer, {
    cwd: work,
    env: { TMPDIR: spool },
    meanwhile: (child) => {
      signalAfter('launched in Qualys', 'SIGUSR1')(child);
      stage.qualys.events.on('request', () => {
        // Asked twice how far the report is: the first signal has long been heard.
        if (stage.qualys.transcript.length === 4) child.kill('SIGTERM');
      });
    },
  });
  await endedInOrder(ended, 'SIGTERM', work, spool);
  assert.equal(stage.qualys.launches, 1);
  assert.deepEqual(stage.qualys.alive(), []);
});

test('SIGINT while the report is downloaded', async (t) => {
  const stage = await stageFor(t, { qualys: { faults: [{ at: 'fetch', kind: 'stalled', times: 9 }] } });
  await interrupted(t, stage, 'SIGINT', 'finished after', ...stage.toServer);
  assert.deepEqual(stage.qualys.alive(), []);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('SIGTERM while the CSV file is written: none is left', async (t) => {
  const stage = await stageFor(t);
  const report = join(stage.directory, 'report.xml');
  await writeFile(report, sampleReport({ hosts: 1000 }));
  const args = [stage.plugininfo, `-report=${report}`, '-csvfile=Output.csv'];
  await interrupted(t, stage, 'SIGTERM', 'Generating CSV File', ...args);
});

test('SIGINT while a lost connection waits to be opened again', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: { faults: ({ block }) => (block > 0 ? { does: 'reset' } : undefined) },
  });
  const file = await commandFile(stage.directory, 3);
  const ended = await interrupted(
    t,
    stage,
    'SIGINT',
    'Trying again in 1 s (1 of 5)',
    ...stage.toServer.slice(0, 3),
    ...file,
  );
  assert.match(ended.stdout, /hosts delivered +0\n/);
});

test('SIGTERM during -test, through the real command', async (t) => {
  const stage = await stageFor(t, { managementCenter: { faults: () => ({ does: 'silence' }) } });
  const { work, spool } = await directoriesOf(stage);
  const ended = await connector([...stage.toServer, '-test'], {
    cwd: work,
    env: { TMPDIR: spool },
    meanwhile: signalAfter('certificate validity', 'SIGTERM'),
  });
  await endedInOrder(ended, 'SIGTERM', work, spool);
});

test('SIGTERM while another run is waited for ends the waiting one only', async (t) => {
  const timeline = { running: 1_000_000 };
  const stage = await stageFor(t, { hosts: 1, qualys: { timeline } });
  const first = runHere(t, stage.directory, stage.toServer);
  await once(stage.qualys.events, 'request');
  const waiting = await connector([...stage.toServer, '-wait=600', '-level=3'], {
    meanwhile: signalAfter('Command Options', 'SIGTERM'),
  });
  assert.equal(waiting.code, 143, waiting.output);
  timeline.running = 0;
  assert.equal((await first).code, 0);
  assert.equal(stage.qualys.launches, 1);
});
