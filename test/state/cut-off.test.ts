/** Streams that end in the middle of what a host needs: nothing of it is taken for granted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CommandPart,
  type CommandStream,
  PART_SIZE,
  type UnitPart,
} from '../../src/host-input/command-stream.ts';
import { openRunMemory } from '../../src/state/run-memory.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { numbers, source, unit } from '../support/units.ts';

async function* streamOf(parts: readonly CommandPart[]): CommandStream {
  for (const part of parts) {
    await Promise.resolve();
    yield [part];
  }
}

/** A run whose sink takes batches until `stop` says so, and acknowledges what it took. @returns the addresses it took */
async function night(
  path: string,
  parts: readonly CommandPart[],
  stop: (taken: readonly UnitPart[]) => boolean = () => false,
): Promise<string[]> {
  const server = 'mc:8307';
  const memory = openRunMemory({
    path,
    server,
    changed: true,
    force: false,
    writes: 'there',
    started: new Date(),
  });
  const changeRules = { fullEveryDays: 7, clearGoneHosts: true, goneLimit: 100 };
  const input = memory.of(
    { source: 'template 1', isPassing: false, rules: {}, changeRules },
    recordingLog(),
    undefined,
  );
  const taken: UnitPart[] = [];
  for await (const batch of input.choose(streamOf(parts), { incomparable: undefined, isWhole: () => true })) {
    for (const part of batch) if (part.kind === 'unit') taken.push(part);
    if (stop(taken)) break;
  }
  input.onAcknowledged(taken.filter(({ ends }) => ends).map(({ address }) => address));
  await input.finish({ isDelivered: false, unsentFile: undefined });
  memory.close();
  return taken.map(({ address }) => address);
}

/** A unit that comes in two parts, of which the first one fills a batch. */
function inTwoParts(address: string, qids: readonly number[]): UnitPart[] {
  const whole = unit(address, qids, 'ScanUpdate');
  const at = whole.text.lastIndexOf('\n', whole.text.length - 2) + 1;
  return [
    { ...whole, text: whole.text.slice(0, at), commands: whole.commands - 1, ends: false },
    { ...whole, text: whole.text.slice(at), commands: 1, findings: 0 },
  ];
}

const HOST = '192.0.2.1';

test('an entry of which a part was sent: the host is sent again, though its other entry is as it was', async (t) => {
  const path = await temporaryDirectory(t);
  const before = [source, unit(HOST, [1])];
  await night(path, before);
  const cut = await night(path, [...before, ...inTwoParts(HOST, [2, 3])], (taken) => taken.length === 1);
  assert.deepEqual(cut, [HOST]);
  assert.deepEqual(await night(path, before), [HOST]);
});

test('a host with two entries of which a part was sent is sent again', async (t) => {
  const path = await temporaryDirectory(t);
  const before = [source, unit(HOST, [1]), unit(HOST, [2], 'ScanUpdate')];
  await night(path, before);
  const [large = source, rest = source] = inTwoParts(HOST, numbers(3, 3000));
  assert.ok(large.text.length > PART_SIZE);
  await night(path, [source, large, rest, unit(HOST, [2], 'ScanUpdate')], (taken) => taken.length === 1);
  assert.deepEqual(await night(path, before), [HOST, HOST]);
});

test('hosts that are gone and were not reached by the clearing are cleared by the next run', async (t) => {
  const path = await temporaryDirectory(t);
  const addresses = Array.from({ length: 1500 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  await night(path, [source, ...addresses.map((address) => unit(address, [1]))]);
  const first = await night(path, [source], (taken) => taken.length > 0);
  assert.ok(first.length < addresses.length, `${first.length} in the first batch`);
  const second = await night(path, [source]);
  assert.deepEqual([...first, ...second], addresses);
  assert.deepEqual(await night(path, [source]), []);
});
