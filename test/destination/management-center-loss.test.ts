import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CommandPart } from '../../src/host-input/command-stream.ts';
import type { Fault, FaultPlan } from '../../src/simulators/management-center/faults.ts';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { impatient, startSimulator } from '../support/management-center.ts';
import { numbers, setting, source, unit, unitInParts } from '../support/units.ts';

const MAXIMUM = 600;

/** Settings, hosts of one block and of many, and at last one that takes something back. */
const parts: readonly CommandPart[] = [
  source,
  ...numbers(1, 4).map((n) => unit(`192.0.2.${n}`, numbers(1, n))),
  ...unitInParts('192.0.2.5', numbers(1, 15), 4),
  setting('SetSourceType,2'),
  unit('192.0.2.6', [7]),
  unit('192.0.2.1', [9]),
];
const expected = mapAfter(parts);
let blockCount = 0;

before(async () => {
  const simulator = await startSimulator({ maximumSize: MAXIMUM });
  blockCount = (await deliver(simulator, parts)).delivery.blocks;
  await simulator.close();
});

after(() => {
  assert.ok(blockCount > 6);
});

/** Runs with a fault on the first connection, at that block of it. */
async function runWith(block: number, fault: Fault): Promise<void> {
  const faults: FaultPlan = (moment) =>
    moment.connection === 1 && moment.block === block ? fault : undefined;
  const simulator = await startSimulator({ maximumSize: MAXIMUM, faults, strict: true });
  const { error, delivery, unsent } = await deliver(simulator, parts);
  await simulator.close();
  const where = `block ${block}, ${JSON.stringify(fault)}`;
  assert.equal(error, undefined, where);
  assert.deepEqual(simulator.networkMap, expected, where);
  assert.equal(delivery.units, 7, where);
  assert.equal(delivery.findings, 27, where);
  assert.equal(delivery.processed, delivery.commands, where);
  assert.equal(unsent, undefined, where);
}

for (const does of ['close', 'reset'] as const) {
  test(`a ${does} after every single block changes nothing in the network map`, async () => {
    for (let block = 1; block <= blockCount; block++) {
      await runWith(block, { does });
      await runWith(block, { does, applied: true });
    }
  });

  test(`a ${does} at every byte of a block's header changes nothing in the network map`, async () => {
    for (const block of [1, 2, Math.ceil(blockCount / 2), blockCount]) {
      for (let afterBytes = 0; afterBytes <= 9; afterBytes++) await runWith(block, { does, afterBytes });
    }
  });

  test(`a ${does} at every byte of a reply's header changes nothing in the network map`, async () => {
    for (let bytes = 0; bytes <= 9; bytes++) {
      await runWith(2, { does: 'answer', upTo: { bytes, then: does } });
    }
  });
}

test('settings are said again on each new connection, the newest of each', async () => {
  const faults: FaultPlan = ({ connection, block }) =>
    connection === 1 && block === 3 ? { does: 'reset' } : undefined;
  const simulator = await startSimulator({ maximumSize: 200, faults });
  const stream = [
    setting('SetSource,One'),
    setting('SetDomain,Global'),
    unit('192.0.2.1', [1]),
    setting('SetSource,Two'),
    unit('192.0.2.2', [1]),
    unit('192.0.2.3', [1]),
  ];
  const { error } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  const second = simulator.connections[1];
  assert.match(second?.received.toBuffer().toString('latin1') ?? '', /SetDomain,Global\nSetSource,Two\n/);
  assert.deepEqual(
    [...(second?.interpreter.settings ?? [])],
    [
      ['SetDomain', 'Global'],
      ['SetSource', 'Two'],
    ],
  );
});

test('a unit of many blocks is sent again from its beginning', async () => {
  const stream = [source, ...unitInParts('192.0.2.1', numbers(1, 400), 10), unit('192.0.2.2', [1])];
  const faults: FaultPlan = ({ connection, block }) =>
    (connection === 1 && block === 20) || (connection === 2 && block === 5) ? { does: 'reset' } : undefined;
  const simulator = await startSimulator({ maximumSize: 2000, faults });
  const { error, delivery } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  assert.deepEqual(simulator.networkMap, mapAfter(stream));
  assert.equal(delivery.commands, 405);
  assert.equal(delivery.processed, 405);
});

test('each loss that is followed by progress begins the count of tries anew', async () => {
  const faults: FaultPlan = ({ block }) => (block === 2 ? { does: 'close' } : undefined);
  const simulator = await startSimulator({ maximumSize: 300, faults });
  const stream = numbers(1, 20).map((n) => unit(`192.0.2.${n}`, [1]));
  const { error, delivery } = await deliver(simulator, stream, { retries: 1 });
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.units, 20);
});

test('the waits between tries grow', async () => {
  const waits: number[] = [];
  const simulator = await startSimulator({
    faults: ({ block }) => (block === 1 ? { does: 'close' } : undefined),
  });
  const { error, lines } = await deliver(simulator, [unit('192.0.2.1', [1])], {
    clock: {
      ...impatient,
      sleep: (milliseconds, signal) => {
        waits.push(milliseconds);
        return impatient.sleep(milliseconds, signal);
      },
    },
  });
  await simulator.close();
  assert.ok(error instanceof Error);
  assert.deepEqual(waits, [1000, 4000, 16_000, 60_000, 60_000]);
  assert.equal(lines.filter((line) => /Trying again in \d+ s \(\d of 5\)/.test(line)).length, 5);
});
