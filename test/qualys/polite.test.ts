import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../../src/simulators/qualys/qualys-simulator.ts';
import { openRoom, type QualysRoom } from '../support/qualys-room.ts';

/** Seconds of the fake clock at which the simulator got those calls. */
function timesOf(room: QualysRoom, at: Endpoint): number[] {
  const times: number[] = [];
  room.simulator.events.on('request', ({ endpoint }: { endpoint: Endpoint }) => {
    if (endpoint === at) times.push(room.clock.now() / 1000);
  });
  return times;
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

describe('a polite client', () => {
  it('looks at the list soon at first, then less and less often, up to poll_interval', async (t) => {
    const room = await openRoom(t, { timeline: { running: 12 } });
    const launches = timesOf(room, 'launch');
    const looks = timesOf(room, 'list');
    await room.download({ pollInterval: 20 });
    assert.deepEqual(
      gaps([...launches, ...looks]).map((gap) => Math.round(gap * 10) / 10),
      [3, 4.5, 6.8, 10.1, 15.2, 20, 20, 20, 20, 20, 20, 20, 20],
    );
  });

  it('never looks more often than poll_interval', async (t) => {
    const room = await openRoom(t, { timeline: { running: 5 } });
    const looks = timesOf(room, 'list');
    await room.download({ pollInterval: 1 });
    assert.deepEqual(gaps(looks), [1, 1, 1, 1, 1]);
  });

  it('logs at level 3 how many calls are left', async (t) => {
    const room = await openRoom(t);
    await room.download();
    const told = room.log.entries.filter(({ event }) => event === 'qualys.quota');
    assert.equal(told.length, room.simulator.transcript.length);
    assert.equal(told[0]?.level, 'debug');
    assert.equal(told[0].message, 'Qualys: 299 calls left of 300');
    assert.equal(told[0].fields?.runningLimit, '2');
  });

  it('waits while the account runs as many calls as it may', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'simple 1960', times: 20 }] });
    const launches = timesOf(room, 'launch');
    await room.download();
    assert.equal(room.simulator.launches, 1);
    assert.ok(gaps(launches).every((gap) => gap >= 2 && gap <= 30));
    assert.match(
      room.log.messages('warning')[0] ?? '',
      /1960.*1 currently running API instance.*Next try \(launching the report\) in \d+ s/,
    );
  });

  it('waits as long as Qualys says when the calls are used up', async (t) => {
    for (const kind of ['simple 1965', 'simple 1965 without header'] as const) {
      const room = await openRoom(t, { faults: [{ at: 'list', kind, times: 1, seconds: 1234 }] });
      const looks = timesOf(room, 'list');
      await room.download();
      assert.deepEqual(gaps(looks), [1234.5]);
    }
  });
});
