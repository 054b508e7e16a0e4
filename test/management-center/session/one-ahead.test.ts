import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING } from '../../../src/host-input/command-stream.ts';
import { Block } from '../../../src/management-center/session/block.ts';
import { oneAhead } from '../../../src/management-center/session/shipments.ts';
import { type Shipment, shipmentInMemory } from '../../../src/management-center/session/shipment.ts';

/** Shipments of which only the number counts; what happens to them is written down. */
function source(diary: string[], count: number, breaksAt = Infinity): AsyncGenerator<Shipment> {
  async function* made(): AsyncGenerator<Shipment> {
    for (let number = 1; number <= count; number += 1) {
      if (number === breaksAt) throw new Error('the report is cut off');
      diary.push(`made ${number}`);
      const about = { ...NOTHING, units: number, settings: [], addresses: [], endedUnits: [] };
      const discard = (): void => void diary.push(`discarded ${number}`);
      const shipment = shipmentInMemory(Block.of(Buffer.alloc(0)), about, discard);
      yield await Promise.resolve({ ...shipment, discard });
    }
  }
  return made();
}

/** Lets whatever is ready go on. */
const aWhile = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('the next shipment is made while one is under way, and no further one', async () => {
  const diary: string[] = [];
  for await (const { units } of oneAhead(source(diary, 3))) {
    diary.push(`sending ${units}`);
    await aWhile();
    diary.push(`sent ${units}`);
  }
  assert.deepEqual(diary, [
    ...['made 1', 'sending 1', 'made 2', 'sent 1'],
    ...['sending 2', 'made 3', 'sent 2', 'sending 3', 'sent 3'],
  ]);
});

test('a stream that breaks is told after what came before it', async () => {
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const { units } of oneAhead(source([], 3, 3))) {
      seen.push(units);
      await aWhile();
    }
  }, /cut off/);
  assert.deepEqual(seen, [1, 2]);
});

test('what was made ahead is discarded when nobody takes it', async () => {
  const diary: string[] = [];
  for await (const { units } of oneAhead(source(diary, 3))) {
    await aWhile();
    if (units === 1) break;
  }
  assert.deepEqual(diary, ['made 1', 'made 2', 'discarded 2']);
});
