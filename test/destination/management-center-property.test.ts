import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CommandPart } from '../../src/host-input/command-stream.ts';
import type { Fault, FaultPlan } from '../../src/simulators/management-center/faults.ts';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { startSimulator } from '../support/management-center.ts';
import { setting, textOf, unit, unitInParts } from '../support/units.ts';

const address = fc.integer({ min: 1, max: 4 }).map((n) => `192.0.2.${n}`);
const qids = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
const parts: fc.Arbitrary<CommandPart[]> = fc.oneof(
  fc.tuple(address, qids, fc.constantFrom('ScanFlush', 'ScanUpdate')).map((of) => [unit(...of)]),
  fc.tuple(address, qids, fc.integer({ min: 1, max: 5 })).map((of) => unitInParts(...of)),
  fc.constantFrom('One', 'Two').map((name) => [setting(`SetSource,${name}`)]),
);
const streams = fc.array(parts, { maxLength: 8 }).map((some) => some.flat());

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record(
    {
      does: fc.constantFrom('close' as const, 'reset' as const),
      applied: fc.boolean(),
      ...{ afterBytes: fc.oneof(fc.nat(20), fc.constant(1_000_000)) },
    },
    { noNullPrototype: true },
  ),
  fc
    .tuple(fc.nat(30), fc.constantFrom('close' as const, 'reset' as const))
    .map(([bytes, then]): Fault => ({ does: 'answer', upTo: { bytes, then } })),
);

test('any stream in blocks of any size, with any losses, gives the map of one big block', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams,
      fc.integer({ min: 150, max: 3000 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fault), { maxLength: 4 }),
      async (stream, maximumSize, losses) => {
        const faults: FaultPlan = ({ connection, block }) => {
          const loss = losses[connection - 1];
          return loss?.[0] === block ? loss[1] : undefined;
        };
        const simulator = await startSimulator({ maximumSize, faults, strict: true });
        const { error, delivery } = await deliver(simulator, stream);
        await simulator.close();
        assert.equal(error, undefined);
        assert.deepEqual(simulator.networkMap, mapAfter(stream));
        assert.equal(delivery.bytes, Buffer.byteLength(textOf(stream)));
        assert.equal(delivery.processed ?? 0, delivery.commands);
      },
    ),
    { numRuns: 30 },
  );
});
