import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandPart, CommandStream } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import type { Clock } from '../../src/clock.ts';
import type { Fault } from '../../src/simulators/management-center/faults.ts';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { hasty, impatient, startSimulator } from '../support/management-center.ts';
import { numbers, source, unit, unitInParts } from '../support/units.ts';

const reason = new Error('interrupted');
const units = numbers(1, 20).map((n) => unit(`192.0.2.${n}`, [1]));

/** Calls `then` when so many blocks are acknowledged. */
function afterBlocks(count: number, then: () => void): typeof noProgress {
  return {
    ...noProgress,
    sending: ({ blocks }) => {
      if (blocks === count) then();
    },
  };
}

test('an interruption ends the delivery after the block in flight', async () => {
  const controller = new AbortController();
  const simulator = await startSimulator({ maximumSize: 200 });
  const { error, delivery, unsent } = await deliver(
    simulator,
    [source, ...units],
    {},
    {
      signal: controller.signal,
      progress: afterBlocks(3, () => {
        controller.abort(reason);
      }),
    },
  );
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(delivery.units, 3);
  assert.deepEqual(simulator.networkMap, mapAfter(units.slice(0, 3)));
  assert.equal(unsent, undefined);
});

test('a complaint that comes after an interruption is told with a command that was sent', async () => {
  const controller = new AbortController();
  const simulator = await startSimulator({
    maximumSize: 400,
    faults: ({ block }) => (block === 4 ? { does: 'late', text: 'line 2: bad command' } : undefined),
  });
  const { error, lines } = await deliver(
    simulator,
    numbers(1, 40).map((n) => unit(`192.0.2.${n}`, [100 + n])),
    {},
    {
      signal: controller.signal,
      progress: afterBlocks(3, () => {
        controller.abort(reason);
      }),
    },
  );
  await simulator.close();
  assert.equal(error, reason);
  const spokenOf = /line 2: bad command <- (.{40})/.exec(lines.join('\n'))?.[1];
  assert.ok(spokenOf);
  assert.ok(simulator.connections[0]?.received.toBuffer().includes(spokenOf), spokenOf);
});

test('an interruption in a unit of many blocks still completes that unit', async () => {
  const controller = new AbortController();
  const large = unitInParts('192.0.2.99', numbers(1, 30), 5);
  const simulator = await startSimulator({ maximumSize: 600 });
  const { error, delivery } = await deliver(
    simulator,
    [...large, ...units],
    {},
    {
      signal: controller.signal,
      progress: afterBlocks(2, () => {
        controller.abort(reason);
      }),
    },
  );
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(delivery.units, 1);
  assert.deepEqual(simulator.networkMap, mapAfter(large));
});

test('a block that gets no reply is given up when the grace is over', async () => {
  const controller = new AbortController();
  const simulator = await startSimulator({
    maximumSize: 200,
    faults: ({ block }): Fault | undefined => {
      if (block !== 2) return undefined;
      setImmediate(() => {
        controller.abort(reason);
      });
      return { does: 'silence' };
    },
  });
  // Whatever is limited after the interruption is over at once.
  const clock: Clock = {
    ...impatient,
    after: (...timer) => (controller.signal.aborted ? hasty : impatient).after(...timer),
  };
  const { error, delivery } = await deliver(simulator, units, { clock }, { signal: controller.signal });
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(delivery.units, 1);
});

test('an interruption before the start sends nothing', async () => {
  const simulator = await startSimulator();
  const { error } = await deliver(simulator, units, {}, { signal: AbortSignal.abort(reason) });
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(simulator.connections.length, 0);
});

test('an interruption ends the wait for the next try', async () => {
  const controller = new AbortController();
  const simulator = await startSimulator({
    faults: ({ block }) => (block > 0 ? { does: 'close' } : undefined),
  });
  let waits = 0;
  const clock: Clock = {
    ...impatient,
    sleep: (milliseconds, waiting) => {
      waits++;
      if (waits === 2) controller.abort(reason);
      return impatient.sleep(milliseconds, waiting);
    },
  };
  const { error, unsent } = await deliver(simulator, units, { clock }, { signal: controller.signal });
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(unsent, undefined);
});

test('an interruption while the rest is being kept leaves no half file', async () => {
  const controller = new AbortController();
  async function* stream(): CommandStream {
    await Promise.resolve();
    for (const part of units) {
      if (part.address === '192.0.2.10') controller.abort(reason);
      yield [part] satisfies CommandPart[];
    }
  }
  const simulator = await startSimulator({ maximumSize: 200, faults: () => ({ does: 'close' }) });
  const { error, unsent } = await deliver(simulator, stream(), {}, { signal: controller.signal });
  await simulator.close();
  assert.equal(error, reason);
  assert.equal(unsent, undefined);
});
