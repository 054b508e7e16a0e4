import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { said } from './support/changed.ts';
import { connector, signalAfter, stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';

/** What runs in this process gets it as any process would. */
const signalHere = (signal: NodeJS.Signals): boolean => process.kill(process.pid, signal);

test('SIGINT while sending: what is in is whole hosts, counted right, and nothing is left on disk', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 4096,
      faults: ({ block }) => {
        if (block === 5) signalHere('SIGINT');
        return undefined;
      },
    },
  });
  const spool = join(stage.directory, 'tmp');
  await mkdir(spool);
  const ended = await runHere(t, stage.directory, stage.toServer, { env: { TMPDIR: spool } });
  assert.equal(ended.code, 130, ended.output);
  await stage.managementCenter.settled();
  const hosts = Object.values(stage.managementCenter.networkMap.hosts);
  assert.ok(hosts.length > 0 && hosts.length < 50, `${hosts.length} hosts are in`);
  assert.match(ended.stdout, new RegExp(`hosts delivered +${hosts.length}\n`));
  assert.deepEqual(await readdir(spool), []);
});

test('a signal between the first answer of the Management Center and the download ends the run', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: {
      faults: ({ block }) => {
        if (block === 1) signalHere('SIGTERM');
        return undefined;
      },
    },
  });
  const ended = await runHere(t, stage.directory, stage.toServer);
  assert.equal(ended.code, 143, ended.output);
  assert.equal(stage.qualys.launches, stage.qualys.deletes);
});

test('a second signal ends the run at once, and nothing is left on disk', async (t) => {
  let child: ChildProcess | undefined;
  const stage = await stageFor(t, {
    managementCenter: {
      faults: ({ connection, block }) => {
        if (connection !== 2 || block !== 1) return undefined;
        child?.kill('SIGINT');
        return { does: 'silence' };
      },
    },
  });
  const spool = join(stage.directory, 'tmp');
  await mkdir(spool);
  const ended = await connector(stage.toServer, {
    env: { TMPDIR: spool },
    cwd: stage.directory,
    meanwhile: (started) => {
      child = started;
      signalAfter('once more to end at once', 'SIGINT')(child);
    },
  });
  assert.equal(ended.code, 130, ended.output);
  assert.doesNotMatch(ended.stdout, /Summary/);
  assert.deepEqual(await readdir(spool), []);
});

test('a run that meets another one for the same server and template ends with exit code 4; one that waits goes on when that one is killed', async (t) => {
  let other: ChildProcess | undefined;
  const timeline = { running: 1_000_000 };
  const stage = await stageFor(t, { hosts: 2, qualys: { timeline } });
  const first = connector(stage.toServer, {
    meanwhile: (started) => {
      other = started;
    },
  });
  await once(stage.qualys.events, 'request');
  const { code, stdout } = await runHere(t, stage.directory, stage.toServer);
  assert.equal(code, 4, stdout);
  assert.match(stdout, /Another run for .*, template 424242 is going on: process \d+ since .*\[QC7001\]/);
  assert.equal(stage.qualys.launches, 1);
  const waiting = runHere(t, stage.directory, [...stage.toServer, '-wait=60']);
  await said(stage.directory, 'Waiting up to 60 s for another run');
  timeline.running = 0;
  other?.kill('SIGKILL');
  assert.equal((await first).signal, 'SIGKILL');
  const { code: afterwards, output } = await waiting;
  assert.equal(afterwards, 0, output);
});
