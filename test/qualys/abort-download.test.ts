import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noProgress } from '../../src/progress.ts';
import type { Endpoint, QualysSimulatorOptions } from '../../src/simulators/qualys/qualys-simulator.ts';
import { openRoom, type QualysRoom } from '../support/qualys-room.ts';

const REASON = new Error('told to end');

/** Downloads and expects the abort's reason; nothing may be left on either side. */
async function endsClean(room: QualysRoom, api: 'v1' | 'v2' = 'v2'): Promise<void> {
  await assert.rejects(room.download({ api }), (error) => error === REASON);
  assert.deepEqual(room.spooled(), []);
  assert.deepEqual(room.simulator.alive(), []);
  assert.ok(room.simulator.launches <= 1);
}

/** Aborts as soon as the simulator has got that call. */
function abortAt(room: QualysRoom, at: Endpoint): void {
  room.simulator.events.on('request', ({ endpoint }: { endpoint: Endpoint }) => {
    if (endpoint === at) room.abort.abort(REASON);
  });
}

describe('a download that is told to end', () => {
  for (const at of ['launch', 'list', 'fetch'] as const) {
    it(`during ${at} leaves nothing here or in Qualys`, async (t) => {
      const room = await openRoom(t, { timeline: { running: 2 } });
      abortAt(room, at);
      await endsClean(room);
    });
  }

  it('during a launch whose answer never comes finds and deletes the report', async (t) => {
    const faults = [{ at: 'launch', kind: 'silent', times: 1, done: true }] as const;
    const room = await openRoom(t, { faults });
    room.simulator.events.on('silent', () => {
      room.abort.abort(REASON);
    });
    await endsClean(room);
    assert.equal(room.simulator.launches, 1);
    assert.equal(room.simulator.deletes, 1);
  });

  it('during a launch that leaves no trace yet names the report that may turn up', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'silent', times: 1 }] });
    room.simulator.events.on('silent', () => {
      room.abort.abort(REASON);
    });
    await endsClean(room);
    assert.match(
      room.log.messages('warning').at(-1) ?? '',
      /report "qualys-connector-424242-\S+" may still turn up: its launch got no answer.*after 7 days/,
    );
    assert.equal(room.simulator.transcript.filter(({ endpoint }) => endpoint === 'list').length, 4);
  });

  it('during a launch whose report is listed only a while later deletes it', async (t) => {
    const faults = [{ at: 'launch', kind: 'silent', times: 1, done: true }] as const;
    const room = await openRoom(t, { faults, timeline: { absent: 2 } });
    room.simulator.events.on('silent', () => {
      room.abort.abort(REASON);
    });
    await endsClean(room);
    assert.equal(room.simulator.deletes, 1);
  });

  it('in the middle of a body', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'fetch', kind: 'stalled', times: 1 }] });
    room.simulator.events.on('silent', () => {
      room.abort.abort(REASON);
    });
    await endsClean(room);
  });

  it('while it waits between polls cancels the running report', async (t) => {
    const room = await openRoom(t, { timeline: { running: Infinity } });
    let polls = 0;
    const generating = (): void => {
      if (++polls === 3) room.abort.abort(REASON);
    };
    await assert.rejects(room.download({}, { ...noProgress, generating }), (error) => error === REASON);
    assert.deepEqual(
      room.simulator.transcript.slice(-2).map(({ endpoint }) => endpoint),
      ['cancel', 'delete'],
    );
    assert.deepEqual(room.simulator.alive(), []);
  });

  it('while it waits to try again', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'simple 1960', times: Infinity }] });
    let launches = 0;
    room.simulator.events.on('request', ({ endpoint }: { endpoint: Endpoint }) => {
      if (endpoint === 'launch' && ++launches === 3) room.abort.abort(REASON);
    });
    await endsClean(room);
    assert.equal(room.simulator.launches, 0);
  });

  it('before it has begun asks Qualys nothing', async (t) => {
    const room = await openRoom(t);
    room.abort.abort(REASON);
    await endsClean(room);
    assert.equal(room.simulator.transcript.length, 0);
  });

  it('under API v1', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'asset-data-report', kind: 'silent', times: 1 }] });
    room.simulator.events.on('silent', () => {
      room.abort.abort(REASON);
    });
    await endsClean(room, 'v1');
  });

  it('does not wait for a Qualys that has fallen silent', async (t) => {
    const faults: QualysSimulatorOptions['faults'] = [
      { at: 'cancel', kind: 'silent', times: Infinity },
      { at: 'delete', kind: 'silent', times: Infinity },
    ];
    const room = await openRoom(t, { timeline: { running: Infinity }, faults });
    abortAt(room, 'list');
    room.simulator.events.on('silent', () => {
      room.clock.advance(5_000);
    });
    await assert.rejects(room.download(), (error) => error === REASON);
    assert.match(room.log.messages('warning').at(-1) ?? '', /could not be deleted/);
    assert.deepEqual(room.spooled(), []);
  });
});

describe('a launch that fails for good without a word whether there is a report', () => {
  it('names the report that may turn up', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'page 200', times: Infinity }] });
    await assert.rejects(room.download(), /QC3007/);
    assert.match(room.log.messages('warning').at(-1) ?? '', /may still turn up/);
  });

  it('says nothing of that where the template is to blame', async (t) => {
    const room = await openRoom(t);
    await assert.rejects(room.download({ templateId: '1' }), /QC3031/);
    assert.deepEqual(room.log.messages('warning'), []);
  });
});
