import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type {
  Endpoint,
  PlannedFault,
  QualysSimulatorOptions,
} from '../../src/simulators/qualys/qualys-simulator.ts';
import { differing, PASSING_FAULTS } from '../support/passing-faults.ts';
import { openRoom, PASSWORD } from '../support/qualys-room.ts';
import { SMALL_REPORT } from '../support/small-report.ts';

const ENDPOINTS: Endpoint[] = ['launch', 'list', 'fetch', 'delete'];

/** Downloads with the faults and checks that they made no difference to anybody. */
async function comesThrough(
  t: Parameters<typeof openRoom>[0],
  faults: PlannedFault[],
  more: Partial<QualysSimulatorOptions> = {},
): Promise<void> {
  const room = await openRoom(t, { faults, timeline: { submitted: 1, running: 1 }, ...more });
  room.simulator.events.on('silent', () => {
    room.clock.advance(faults.some(({ at }) => at === 'delete') ? 30_000 : 300_000);
  });
  const report = await room.download({ reportTimeout: 36_000 });
  assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
  assert.equal(room.simulator.launches, 1);
  assert.deepEqual(room.simulator.alive(), []);
  assert.equal(room.simulator.mostAtOnce, 1);
  // One that is gone already, since only the answer to its deletion was lost, is not told to be left.
  assert.doesNotMatch(room.log.text(), /could not be deleted/);
  await report.close();
  assert.deepEqual(room.spooled(), []);
  const seen = room.log.text() + JSON.stringify(room.simulator.transcript);
  assert.ok(!seen.includes(PASSWORD) && !seen.includes('SIMPOD'));
}

for (const at of ENDPOINTS) {
  describe(`a fault that passes, at ${at}`, () => {
    const all = ['silent', ...PASSING_FAULTS] as const;
    // A small answer, and a report that is streamed, are judged differently; the others are small answers too.
    for (const kind of at === 'launch' || at === 'fetch' ? all : differing(all)) {
      // What is overcome twice is overcome once.
      it(`"${kind}", twice, makes no difference`, (t) => comesThrough(t, [{ at, kind, times: 2 }]));
    }
    it('"reset", once, makes no difference', (t) => comesThrough(t, [{ at, kind: 'reset', times: 1 }]));
  });
}

describe('an answer that is lost although the call had its effect', () => {
  for (const at of ['launch', 'delete'] as const) {
    for (const kind of ['reset', 'silent', 'empty', 'page 502', 'simple 999', 'without id'] as const) {
      it(`"${kind}" at ${at} leads to no second report`, (t) =>
        comesThrough(t, [{ at, kind, times: 2, done: true }]));
    }
  }

  it('is found by its title even when the list shows it late', (t) =>
    comesThrough(t, [{ at: 'launch', kind: 'reset', times: 1, done: true }], { timeline: { absent: 2 } }));
});

describe('a body that breaks off', () => {
  for (const kind of ['cut by close', 'cut by end', 'stalled', 'trickle'] as const) {
    for (const form of [{ gzip: false }, { gzip: true }, { gzip: false, zip: true }]) {
      it(`"${kind}", twice, is fetched again (${JSON.stringify(form)})`, (t) =>
        comesThrough(t, [{ at: 'fetch', kind, times: 2 }], form));
    }
  }
});

describe('a finished report that cannot be fetched at once', () => {
  for (const unfetchable of [1, 2, 5]) {
    it(`is fetched after ${unfetchable} refusals`, (t) => comesThrough(t, [], { timeline: { unfetchable } }));
  }
});
