import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import test from 'node:test';
import { openRoom } from './support/qualys-room.ts';
import { SAMPLE_REPORT } from './support/sample-report.ts';

test('a report is launched, waited for, fetched and deleted', async (t) => {
  const room = await openRoom(t, { timeline: { absent: 1, submitted: 1, running: 2 } });
  const report = await room.download();
  assert.equal(readFileSync(report.path, 'utf8'), SAMPLE_REPORT);
  assert.equal(report.bytes, Buffer.byteLength(SAMPLE_REPORT));
  assert.equal(statSync(report.path).mode & 0o777, 0o600);
  assert.deepEqual(
    room.simulator.transcript.map(({ endpoint }) => endpoint),
    ['launch', 'list', 'list', 'list', 'list', 'list', 'fetch', 'delete'],
  );
  assert.equal(room.simulator.launches, 1);
  assert.deepEqual(room.simulator.alive(), []);
  await report.remove();
  await report.remove();
  assert.deepEqual(room.spooled(), []);
});
