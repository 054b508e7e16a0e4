import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Check } from '../../src/check.ts';
import { checkQualys } from '../../src/qualys/check.ts';
import type { Endpoint, PlannedFault } from '../../src/simulators/qualys/qualys-simulator.ts';
import { startPlainProxy } from '../support/plain-proxy.ts';
import { openRoom, type QualysRoom } from '../support/qualys-room.ts';

const HOURS = 3_600_000;

/** Lets time pass only while Qualys is silent, up to the end of a patience. */
function passWhileSilent(room: QualysRoom): void {
  room.simulator.events.on('silent', () => {
    room.clock.advanceToNext();
  });
}

describe('a time of day that jumps forward', () => {
  for (const api of ['v2', 'v1'] as const) {
    it(`shortens no pause, api ${api}`, async (t) => {
      const at: Endpoint = api === 'v1' ? 'asset-data-report' : 'launch';
      const room = await openRoom(t, { faults: [{ at, kind: 'page 503', times: 30 }] });
      room.simulator.events.once('request', () => {
        room.clock.jump(2 * HOURS);
      });
      const report = await room.download({ api });
      assert.ok(room.clock.sleeps.every((slept) => slept >= 2000));
      await report.close();
    });
  }

  it('does not make a report vanish that is not listed yet', async (t) => {
    const room = await openRoom(t, { timeline: { absent: 3 } });
    room.simulator.events.on('request', ({ endpoint }: { endpoint: Endpoint }) => {
      if (endpoint === 'list') room.clock.jump(2 * HOURS);
    });
    await (await room.download()).close();
  });
});

describe('pauses', () => {
  it('are never shorter than their least, not even at the end of report_timeout', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'simple 1960', times: Infinity }] });
    await assert.rejects(room.download({ reportTimeout: 100 }), /QC3038/);
    assert.ok(room.clock.sleeps.every((slept) => slept >= 2000));
  });

  it('are never shorter than a second, whatever Qualys says', async (t) => {
    const faults = [{ at: 'launch', kind: 'simple 1965', times: 3, seconds: 0.001 }] as const;
    const room = await openRoom(t, { faults });
    await (await room.download()).close();
    assert.ok(room.clock.sleeps.every((slept) => slept >= 1000));
  });
});

describe('report_timeout ends within five seconds of its time', () => {
  const silent = (at: Endpoint, more: Partial<PlannedFault> = {}): PlannedFault => ({
    at,
    kind: 'silent',
    times: Infinity,
    ...more,
  });
  for (const [what, faults] of Object.entries({
    'nothing is ever answered': [
      silent('launch', { done: true }),
      silent('list'),
      silent('cancel'),
      silent('delete'),
    ],
    'the list falls silent': [silent('list'), silent('cancel'), silent('delete')],
    'the report is never handed out and never deleted': [silent('fetch'), silent('delete')],
    'the body stalls': [{ at: 'fetch', kind: 'stalled', times: Infinity }, silent('delete')],
  } satisfies Record<string, PlannedFault[]>)) {
    it(`when ${what}`, async (t) => {
      const room = await openRoom(t, { faults });
      passWhileSilent(room);
      await assert.rejects(room.download({ reportTimeout: 40 }), /QC3038/);
      assert.ok(room.clock.monotonic() <= 45_000);
      assert.match(room.log.messages('warning').at(-1) ?? '', /In Qualys/);
    });
  }

  it('when the proxy never answers, without looking for what cannot have been launched', async (t) => {
    const room = await openRoom(t);
    const proxy = await startPlainProxy(t, () => {
      setImmediate(() => {
        room.clock.advanceToNext();
      });
    });
    const changes = { reportTimeout: 40, proxy: `http://127.0.0.1:${proxy.port}` };
    await assert.rejects(room.download(changes), /QC3038/);
    assert.ok(room.clock.monotonic() <= 40_000);
    assert.deepEqual(room.log.messages('warning'), []);
  });
});

it('a delete that is never answered holds a good report up for less than a minute', async (t) => {
  const room = await openRoom(t, { faults: [{ at: 'delete', kind: 'silent', times: Infinity }] });
  passWhileSilent(room);
  let begun = Infinity;
  room.simulator.events.on('request', ({ endpoint }: { endpoint: Endpoint }) => {
    if (endpoint === 'delete') begun = Math.min(begun, room.clock.monotonic());
  });
  const report = await room.download();
  assert.ok(room.clock.monotonic() - begun < 60_000);
  await report.close();
  assert.match(room.log.messages('warning').at(-1) ?? '', /could not be deleted.*10 seconds/);
});

it('-test gives an answer up that comes byte by byte', async (t) => {
  const room = await openRoom(t);
  const found: Check[] = [];
  const server = createServer((_request, response) => {
    // Each byte comes before Qualys would count as silent.
    const drip = (): void => {
      room.clock.advance(1000);
      if (found.length === 0) response.write(' ', () => setImmediate(drip));
    };
    drip();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const qualysServer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = { log: room.log, signal: room.abort.signal, clock: room.clock, env: {} };
  for await (const check of checkQualys({ ...room.config, qualysServer }, ['424242'], context)) {
    found.push(check);
  }
  assert.match(found.at(-1)?.detail ?? '', /no whole answer came within 60 seconds.*QC3008/);
});

describe('a launch that a signal cuts off', () => {
  it('is looked for again and again, and its report deleted', async (t) => {
    const faults = [{ at: 'launch', kind: 'silent', times: 1, done: true }] as const;
    const room = await openRoom(t, { faults, timeline: { absent: 2 } });
    room.simulator.events.on('silent', () => {
      room.abort.abort(new Error('told to end'));
    });
    await assert.rejects(room.download(), /told to end/);
    assert.deepEqual(room.simulator.alive(), []);
    assert.deepEqual(room.log.messages('warning'), []);
  });

  it('is named in a warning where its report does not turn up', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'silent', times: 1 }] });
    room.simulator.events.on('silent', () => {
      room.abort.abort(new Error('told to end'));
    });
    await assert.rejects(room.download(), /told to end/);
    assert.match(
      room.log.messages('warning').at(-1) ?? '',
      /"qualys-connector-424242-.*may still turn up.*7 days/,
    );
    assert.ok(room.clock.monotonic() <= 5000);
  });
});
