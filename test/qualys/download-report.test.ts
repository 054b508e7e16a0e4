import assert from 'node:assert/strict';
import { fstatSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { noProgress } from '../../src/progress.ts';
import { openRoom } from '../support/qualys-room.ts';
import { SMALL_REPORT } from '../support/small-report.ts';

test('a report is launched, waited for, fetched and deleted', async (t) => {
  const room = await openRoom(t, { timeline: { absent: 1, submitted: 1, running: 2 } });
  const report = await room.download();
  assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
  assert.equal(report.bytes, Buffer.byteLength(SMALL_REPORT));
  assert.equal(fstatSync(report.descriptor).mode & 0o777, 0o600);
  assert.deepEqual(
    room.simulator.transcript.map(({ endpoint }) => endpoint),
    ['launch', 'list', 'list', 'list', 'list', 'list', 'fetch', 'delete'],
  );
  assert.equal(room.simulator.launches, 1);
  assert.deepEqual(room.simulator.alive(), []);
  await report.close();
  await report.close();
  assert.deepEqual(room.spooled(), []);
});

test('the time told is that of the transfer, not of the waiting', async (t) => {
  const room = await openRoom(t, {
    timeline: { running: 5 },
    faults: [{ at: 'fetch', kind: 'stalled', times: 1 }],
  });
  room.simulator.events.on('silent', () => {
    room.clock.advance(300_000);
  });
  await room.download();
  assert.match(room.log.messages('info').at(-1) ?? '', /^Downloaded \d+ bytes in 0 s$/);
});

test('the progress counts the bytes of the report, gzipped or not', async (t) => {
  for (const gzip of [true, false]) {
    const room = await openRoom(t, { gzip });
    let told = 0;
    const progress = {
      ...noProgress,
      downloading: (bytes: number) => {
        told = bytes;
      },
    };
    const report = await room.download({}, progress);
    assert.equal(told, Buffer.byteLength(SMALL_REPORT));
    await report.close();
  }
});

test('every call names the program and its version, and asks for gzip', async (t) => {
  const room = await openRoom(t);
  await room.download();
  for (const { method, headers, url } of room.simulator.transcript) {
    assert.equal(method, 'POST');
    assert.equal(url, '/api/3.0/fo/report/');
    assert.match(headers['user-agent'] ?? '', /^qualys-connector\/\d+\.\d+/);
    assert.ok(headers['x-requested-with']);
    assert.equal(headers['accept-encoding'], 'gzip');
  }
  const launch = new URLSearchParams(room.simulator.transcript[0]?.body);
  assert.equal(launch.get('output_format'), 'xml');
  assert.equal(launch.get('template_id'), '424242');
  assert.match(launch.get('report_title') ?? '', /^qualys-connector-424242-20260131T020000Z-[\da-f]{8}$/);
});
