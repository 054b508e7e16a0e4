import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { connector, stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';

/** Ends the command as soon as there is one to end. */
function killer(): { started: (child: ChildProcess) => void; kill: (signal: NodeJS.Signals) => void } {
  let running: ChildProcess | undefined;
  return {
    started: (child) => {
      running = child;
    },
    kill: (signal) => running?.kill(signal),
  };
}

test('SIGINT while sending: what is in is whole hosts, counted right, and nothing is left on disk', async (t) => {
  const { started, kill } = killer();
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 4096,
      faults: ({ block }) => {
        if (block === 5) kill('SIGINT');
        return undefined;
      },
    },
  });
  const spool = join(stage.directory, 'tmp');
  await mkdir(spool);
  const ended = await connector(stage.toServer, {
    meanwhile: started,
    cwd: stage.directory,
    env: { TMPDIR: spool },
  });
  assert.equal(ended.code, 130, ended.output);
  await stage.managementCenter.settled();
  const hosts = Object.values(stage.managementCenter.networkMap.hosts);
  assert.ok(hosts.length > 0 && hosts.length < 50, `${hosts.length} hosts are in`);
  assert.match(ended.stdout, new RegExp(`hosts delivered +${hosts.length}\n`));
  assert.deepEqual(await readdir(spool), []);
});

test('a signal between the first answer of the Management Center and the download ends the run', async (t) => {
  const { started, kill } = killer();
  const stage = await stageFor(t, {
    managementCenter: {
      faults: ({ block }) => {
        if (block === 1) kill('SIGTERM');
        return undefined;
      },
    },
  });
  const ended = await connector(stage.toServer, { meanwhile: started });
  assert.equal(ended.code, 143, ended.output);
  assert.equal(stage.qualys.launches, stage.qualys.deletes);
});

test('a second signal ends the run at once, and nothing is left on disk', async (t) => {
  const { started, kill } = killer();
  const stage = await stageFor(t, {
    managementCenter: {
      faults: ({ connection, block }) => {
        if (connection !== 2 || block !== 1) return undefined;
        kill('SIGINT');
        return { does: 'silence' };
      },
    },
  });
  const spool = join(stage.directory, 'tmp');
  await mkdir(spool);
  const ended = await connector(stage.toServer, {
    env: { TMPDIR: spool },
    cwd: stage.directory,
    meanwhile: (child) => {
      started(child);
      child.stdout?.on('data', (data: Buffer) => {
        if (data.includes('once more to end at once')) child.kill('SIGINT');
      });
    },
  });
  assert.equal(ended.code, 130, ended.output);
  assert.doesNotMatch(ended.stdout, /Summary/);
  assert.deepEqual(await readdir(spool), []);
});

test('a run that meets another one for the same server and template ends with exit code 4', async (t) => {
  const { started, kill } = killer();
  const stage = await stageFor(t, { qualys: { timeline: { running: 1_000_000 } } });
  const first = connector(stage.toServer, { meanwhile: started });
  await once(stage.qualys.events, 'request');
  const { code, stdout } = await runHere(t, stage.directory, stage.toServer);
  kill('SIGTERM');
  assert.equal(code, 4, stdout);
  assert.match(stdout, /Another run for .*, template 424242 is going on: process \d+ since .*\[QC7001\]/);
  assert.equal((await first).code, 143);
  assert.equal(stage.qualys.launches, 1);
});

test('a run that waits for another one goes on when that one is killed', async (t) => {
  const { started, kill } = killer();
  const stage = await stageFor(t, { hosts: 2 });
  const first = connector(stage.toServer, { meanwhile: started });
  await once(stage.qualys.events, 'request');
  const second = runHere(t, stage.directory, [...stage.toServer, '-wait=60']);
  kill('SIGKILL');
  assert.equal((await first).signal, 'SIGKILL');
  const { code, output } = await second;
  assert.equal(code, 0, output);
});
