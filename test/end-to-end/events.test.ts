import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandFile } from '../support/command-file.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { stageFor } from '../support/connector.ts';
import { EVENTS } from '../support/events.ts';
import { runHere } from '../support/run-here.ts';

interface Record {
  readonly level: string;
  readonly time: string;
  readonly pid: number;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

function recordsOf(output: string): Record[] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record);
}

function checkRecords(records: readonly Record[]): void {
  assert.ok(records.length > 0);
  for (const record of records) {
    assert.match(record.level, /^(?:error|warning|info|debug)$/);
    assert.equal(new Date(record.time).toISOString(), record.time);
    assert.ok(record.pid > 0 && typeof record.msg === 'string');
    assert.ok(EVENTS.includes(record.event), record.event);
  }
}

test('-logformat=json: every line of a good run at level 3 is a record', async (t) => {
  const stage = await stageFor(t);
  const words = [...stage.toServer, '-level=3', '-logformat=json'];
  const { code, stdout } = await runHere(t, stage.directory, words);
  assert.equal(code, 0, stdout);
  const records = recordsOf(stdout);
  checkRecords(records);
  const last = records.at(-1);
  assert.deepEqual([last?.event, last?.units, typeof last?.bytes], ['run.complete', 50, 'number']);
  const summary = records.find(({ event }) => event === 'run.summary');
  assert.deepEqual([summary?.template, summary?.['counts.hosts.inReport']], [STAGE.template, 50]);
  const order = records.map(({ event }) => event);
  assert.ok(order.indexOf('report.complete') < order.indexOf('block.sent'));
});

test('-logformat=json: so is every line of a run that complains, breaks off and cannot finish', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 300,
      faults: ({ connection, block }) => {
        if (connection === 1 || block < 2) return undefined;
        return block === 2 ? { does: 'answer', text: 'bad "line"\n\u001b[31m\n' } : { does: 'reset' };
      },
    },
  });
  const words = await commandFile(stage.directory, 6);
  const path = join(stage.directory, 'commands.csv');
  await writeFile(path, `${await readFile(path, 'utf8')}Nonsense,1\n`);
  const args = ['-force', '-retries=0', '-insecure', '-level=3', '-logformat=json'];
  const { code, stdout } = await runHere(t, stage.directory, [
    ...stage.toServer.slice(0, 3),
    ...words,
    ...args,
  ]);
  assert.equal(code, 1, stdout);
  const records = recordsOf(stdout);
  checkRecords(records);
  const events = new Set(records.map(({ event }) => event));
  for (const event of [
    'commands.bad',
    'trust.insecure',
    'block.complaint',
    'delivery.stopped',
    'run.failed',
  ]) {
    assert.ok(events.has(event), `${event} is missing`);
  }
  assert.equal(records.at(-1)?.event, 'delivery.unsent');
});
