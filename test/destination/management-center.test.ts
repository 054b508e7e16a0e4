import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { startSimulator } from '../support/management-center.ts';
import { numbers, setting, source, textOf, unit, unitInParts } from '../support/units.ts';

test('delivers every unit and counts what was acknowledged', async () => {
  const simulator = await startSimulator({ strict: true });
  const parts = [source, unit('192.0.2.1', [1, 2, 3]), unit('2001:db8::1', [4])];
  const { delivery, error } = await deliver(simulator, parts);
  await simulator.close();
  assert.equal(error, undefined);
  assert.deepEqual(simulator.networkMap, mapAfter(parts));
  assert.deepEqual(delivery, {
    units: 2,
    commands: 9,
    findings: 4,
    bytes: Buffer.byteLength(textOf(parts)),
    blocks: 1,
    processed: 9,
    complaints: 0,
    unsentFile: undefined,
  });
});

test('sends blocks of whole units, each at most as large as the Management Center takes', async () => {
  const simulator = await startSimulator({ maximumSize: 600 });
  const parts = [source, ...numbers(1, 9).map((n) => unit(`192.0.2.${n}`, [1, 2]))];
  await deliver(simulator, parts);
  await simulator.close();
  const blocks = blocksIn(simulator.connections[0]?.received.toBuffer());
  assert.equal(blocks.join(''), textOf(parts));
  assert.ok(blocks.length > 3);
  for (const block of blocks) {
    assert.ok(Buffer.byteLength(block) <= 600);
    assert.ok(block.endsWith('ScanFlush\n'));
  }
});

test('splits a unit that is larger than a block at the ends of lines, its flush last', async () => {
  const simulator = await startSimulator({ maximumSize: 700 });
  const parts = [source, unit('192.0.2.1', [1]), ...unitInParts('192.0.2.2', numbers(1, 40), 3)];
  const { delivery } = await deliver(simulator, parts);
  await simulator.close();
  const blocks = blocksIn(simulator.connections[0]?.received.toBuffer());
  assert.equal(blocks.join(''), textOf(parts));
  for (const block of blocks) assert.ok(block.endsWith('\n') && block.length <= 700);
  assert.ok(blocks.at(-1)?.endsWith('ScanFlush\n'));
  assert.deepEqual(simulator.networkMap, mapAfter(parts));
  assert.equal(delivery.units, 2);
  assert.equal(delivery.findings, 41);
});

test('counts bytes, not characters', async () => {
  const simulator = await startSimulator({ maximumSize: 1000 });
  const text = (n: number): string => `AddHost,192.0.2.${n}\n# ${'ü'.repeat(150)}\n`;
  const parts = numbers(1, 9).map((n) => ({
    kind: 'unit' as const,
    address: `192.0.2.${n}`,
    text: text(n),
    commands: 1,
    findings: 0,
    ends: true,
  }));
  const { delivery, error } = await deliver(simulator, parts);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.bytes, Buffer.byteLength(textOf(parts)));
  assert.equal(Object.keys(simulator.networkMap.hosts).length, 9);
});

test('keeps the place of settings in the middle', async () => {
  const simulator = await startSimulator({ maximumSize: 300 });
  const parts = [source, unit('192.0.2.1', [1]), setting('SetMap,Mine'), unit('192.0.2.2', [1])];
  const { delivery } = await deliver(simulator, parts);
  await simulator.close();
  assert.equal(blocksIn(simulator.connections[0]?.received.toBuffer()).join(''), textOf(parts));
  assert.equal(delivery.commands, 8);
});

test('an empty stream sends no block', async () => {
  const simulator = await startSimulator();
  const { delivery, error } = await deliver(simulator, []);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.blocks, 0);
});

/** The data frames' bodies after the version's 12 bytes. */
function blocksIn(received: Buffer = Buffer.alloc(0)): string[] {
  const blocks: string[] = [];
  for (let at = 12; at < received.length;) {
    const length = received.readUInt32BE(at + 4);
    blocks.push(received.toString('utf8', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return blocks;
}
