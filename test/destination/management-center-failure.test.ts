import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import type { CommandPart, CommandStream } from '../../src/host-input/command-stream.ts';
import { ClientRefusedError } from '../../src/management-center/connection/errors.ts';
import { SpoolError } from '../../src/management-center/session/errors.ts';
import { makeAuthority, makeServerCertificate } from '../../src/simulators/certificates.ts';
import type { Fault, FaultPlan } from '../../src/simulators/management-center/faults.ts';
import {
  DeliveryIncompleteError,
  UnsentNotKeptError,
  unsentPath,
} from '../../src/destination/unsent-file.ts';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { startSimulator } from '../support/management-center.ts';
import { numbers, setting, source, textOf, unit, unitInParts } from '../support/units.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withEnvironment } from '../support/with-environment.ts';

let folder = '';
beforeEach(async (t) => {
  assert.ok('after' in t);
  folder = await temporaryDirectory(t);
});

const stream: readonly CommandPart[] = [
  source,
  setting('SetDomain,Global'),
  ...numbers(1, 6).map((n) => unit(`192.0.2.${n}`, [1, 2])),
];

/** From that block of the first connection on, nothing works any more. */
function brokenFrom(block: number): FaultPlan {
  return (moment) => (moment.connection > 1 || moment.block >= block ? { does: 'reset' } : undefined);
}

test('what cannot be delivered is kept as a file that holds all the rest', async () => {
  const unsentPath = join(folder, 'unsent.csv');
  const simulator = await startSimulator({ maximumSize: 300, faults: brokenFrom(3) });
  const { error, delivery, unsent, lines } = await deliver(simulator, stream, { unsentPath });
  await simulator.close();
  assert.ok(error instanceof DeliveryIncompleteError);
  assert.equal(error.exitCode, 1);
  assert.match(error.message, /2 hosts are in, 4 are not/);
  assert.ok(error.message.includes(`kept in ${unsentPath}`));
  assert.equal(delivery.unsentFile, unsentPath);
  assert.equal(unsent, textOf([...stream.slice(0, 2), ...stream.slice(4)]));
  assert.equal(delivery.units, 2);
  assert.equal((await stat(unsentPath)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['unsent.csv']);
  assert.ok(lines.some((line) => line.startsWith('WARNING') && line.includes('kept in a file')));
});

test('the rest, sent later, gives the map that the whole would have given', async () => {
  const simulator = await startSimulator({ maximumSize: 300, faults: brokenFrom(4) });
  const { unsent } = await deliver(simulator, stream);
  await simulator.close();
  const both = { ...simulator.networkMap.hosts };
  const rest = mapAfter([{ kind: 'setting', text: unsent ?? '' }]);
  assert.deepEqual({ ...both, ...rest.hosts }, mapAfter(stream).hosts);
});

test('what lies under the name of the kept file is neither replaced nor followed', async () => {
  const other = join(folder, 'other');
  await writeFile(other, 'kept');
  await symlink(other, join(folder, 'link.csv'));
  const simulator = await startSimulator({ faults: () => ({ does: 'close' }) });
  for (const unsentPath of [other, join(folder, 'link.csv')]) {
    const { error } = await deliver(simulator, stream, { unsentPath });
    assert.ok(error instanceof UnsentNotKeptError);
    assert.match(error.message, /there is something of that name/);
  }
  await simulator.close();
  assert.equal(await readFile(other, 'utf8'), 'kept');
  assert.deepEqual((await readdir(folder)).sort(), ['link.csv', 'other']);
});

test('two runs that begin in the same moment keep their rests under two names', () => {
  const names = new Set(numbers(1, 1000).map(() => unsentPath()));
  assert.equal(names.size, 1000);
  for (const name of names) assert.match(name, /\/Unsent_\d{8}T\d{6}_[\da-f]{12}\.csv$/);
});

test('a unit of many blocks is kept from its beginning', async () => {
  const large = unitInParts('192.0.2.9', numbers(1, 50), 5);
  const simulator = await startSimulator({ maximumSize: 600, faults: brokenFrom(5) });
  const { unsent } = await deliver(simulator, [
    source,
    unit('192.0.2.1', [1]),
    ...large,
    unit('192.0.2.2', [1]),
  ]);
  await simulator.close();
  assert.equal(unsent, textOf([source, ...large, unit('192.0.2.2', [1])]));
});

test('an error message to a block ends the delivery at once', async () => {
  const simulator = await startSimulator({
    maximumSize: 300,
    faults: ({ block }) => (block === 2 ? { does: 'error', text: 'database is down' } : undefined),
  });
  const { error, unsent } = await deliver(simulator, stream);
  await simulator.close();
  assert.ok(error instanceof DeliveryIncompleteError);
  assert.match(error.message, /refused the commands: database is down\./);
  assert.equal(simulator.connections.length, 1);
  assert.equal(unsent, textOf([...stream.slice(0, 2), ...stream.slice(3)]));
});

test('a client that is refused from the start is not tried again, and everything is kept', async () => {
  const simulator = await startSimulator({ faults: () => ({ does: 'close' }) });
  const { error, unsent } = await deliver(simulator, stream);
  await simulator.close();
  assert.ok(error instanceof DeliveryIncompleteError && error.cause instanceof ClientRefusedError);
  assert.equal(simulator.connections.length, 1);
  assert.equal(unsent, textOf(stream));
});

test('a client that is refused in between is tried again', async () => {
  const simulator = await startSimulator({
    maximumSize: 300,
    faults: ({ connection, block }): Fault | undefined => {
      if (connection === 1) return block === 2 ? { does: 'reset' } : undefined;
      return connection < 4 ? { does: 'close' } : undefined;
    },
  });
  const { error } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  assert.deepEqual(simulator.networkMap, mapAfter(stream));
});

test('a server of another authority gets nothing', async () => {
  const serverIdentity = makeServerCertificate(makeAuthority('Somebody else'), ['127.0.0.1']);
  const simulator = await startSimulator({ serverIdentity });
  const { error, unsent } = await deliver(simulator, stream, { retries: 0 });
  await simulator.close();
  assert.ok(error instanceof DeliveryIncompleteError);
  assert.equal(simulator.connections.length, 0);
  assert.equal(unsent, textOf(stream));
});

test('a server that is not there is tried again, then everything is kept', async () => {
  const simulator = await startSimulator();
  await simulator.close();
  const { error, unsent, lines } = await deliver(simulator, stream, { retries: 2 });
  assert.ok(error instanceof DeliveryIncompleteError);
  assert.match(error.message, /0 hosts are in, 6 are not.*connection was refused/);
  assert.equal(lines.filter((line) => line.includes('Trying again')).length, 2);
  assert.equal(unsent, textOf(stream));
});

test('when the rest cannot be kept either, both are told', async () => {
  const locked = join(folder, 'locked');
  await mkdir(locked);
  const unsentPath = join(locked, 'missing', 'unsent.csv');
  const simulator = await startSimulator({ faults: () => ({ does: 'close' }) });
  const { error, lines } = await deliver(simulator, stream, { unsentPath });
  await simulator.close();
  assert.ok(error instanceof UnsentNotKeptError);
  assert.match(
    error.message,
    /could not be kept either\..*unsent\.csv cannot be written: its directory does not exist/,
  );
  assert.ok(lines.some((line) => line.includes('did not accept this client')));
});

test('a stream that breaks ends the delivery with its own error after the units that are whole', async () => {
  async function* broken(): CommandStream {
    await Promise.resolve();
    yield [source, unit('192.0.2.1', [1]), { ...unit('192.0.2.2', [1]), ends: false }];
    throw new Error('the report is cut off');
  }
  const simulator = await startSimulator();
  const { error, unsent, delivery } = await deliver(simulator, broken());
  await simulator.close();
  assert.equal(delivery.units, 1);
  assert.deepEqual(Object.keys(simulator.networkMap.hosts), ['192.0.2.1']);
  assert.ok(error instanceof Error && error.message === 'the report is cut off');
  assert.equal(unsent, undefined);
});

test('a stream that breaks while the rest is kept leaves what there was', async () => {
  async function* broken(): CommandStream {
    await Promise.resolve();
    yield numbers(1, 5).map((n) => unit(`192.0.2.${n}`, [1]));
    throw new Error('the report is cut off');
  }
  const simulator = await startSimulator({ maximumSize: 200, faults: () => ({ does: 'close' }) });
  const { error, unsent, lines, unsentPath, delivery } = await deliver(simulator, broken());
  await simulator.close();
  assert.ok(error instanceof Error && error.message === 'the report is cut off');
  assert.ok(unsent?.startsWith('AddHost,192.0.2.1\n'));
  assert.ok(lines.some((line) => line.startsWith('ERROR') && line.includes(`kept in ${unsentPath}`)));
  assert.equal(delivery.unsentFile, unsentPath);
});

test('a unit too large for memory needs a temporary directory', async (t) => {
  withEnvironment(t, { TMPDIR: folder });
  const simulator = await startSimulator({ maximumSize: 600 });
  const unsentPath = join(folder, 'unsent.csv');
  const large = unitInParts('192.0.2.9', numbers(1, 50), 5);
  const good = await deliver(simulator, large, { unsentPath });
  assert.equal(good.error, undefined);
  assert.deepEqual(await readdir(folder), []);
  const failing = deliver(
    simulator,
    (async function* () {
      process.env.TMPDIR = join(folder, 'missing');
      await Promise.resolve();
      yield large;
    })(),
    { unsentPath },
  );
  const { error } = await failing;
  await simulator.close();
  assert.ok(error instanceof SpoolError);
});

test('complaints are shown with the lines they speak of, counted, and delivery goes on', async () => {
  const bad =
    'AddScanResult,192.0.2.300,"QualysGuard",1,443,tcp,"T","","cve_ids:","bugtraq_ids:"\nScanFlush\n';
  const simulator = await startSimulator({ maximumSize: 300 });
  const parts: CommandPart[] = [
    source,
    { kind: 'unit', address: '192.0.2.300', text: bad, commands: 2, findings: 1, ends: true },
    unit('192.0.2.1', [1]),
  ];
  const { error, delivery, lines } = await deliver(simulator, parts);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.complaints, 1);
  assert.equal(delivery.units, 2);
  const [warning] = lines.filter((line) => line.startsWith('WARNING'));
  assert.match(
    warning ?? '',
    /Line 2: AddScanResult: '192\.0\.2\.300' is not an IP address <- AddScanResult,192\.0\.2\.300/,
  );
});

test('of very many complaints the first are shown and all are counted', async () => {
  const simulator = await startSimulator({
    maximumSize: 200,
    faults: ({ block }) => (block > 0 ? { does: 'answer', text: 'bad\n'.repeat(3) } : undefined),
  });
  const parts = numbers(1, 50).map((n) => unit(`192.0.2.${n}`, [1]));
  const { delivery, lines } = await deliver(simulator, parts);
  await simulator.close();
  assert.equal(delivery.complaints, 50);
  assert.equal(delivery.processed, undefined);
  assert.equal(lines.filter((line) => line.startsWith('WARNING')).length, 61);
});

for (const [processed, level] of [
  [13, 'INFO'],
  [12, 'WARNING'],
] as const) {
  test(`${processed} commands processed of 26 that were sent are an ${level}, and not fatal`, async () => {
    const simulator = await startSimulator({
      faults: ({ block }) =>
        block > 0 ? { does: 'answer', text: `Done processing ${processed} commands.\n` } : undefined,
    });
    const { error, delivery, lines } = await deliver(simulator, stream);
    await simulator.close();
    assert.equal(error, undefined);
    assert.equal(delivery.processed, processed);
    assert.equal(delivery.complaints, 0);
    const said = `26 commands were sent; the Management Center counts ${processed} as processed.`;
    assert.ok(lines.includes(`${level} ${said}`));
  });
}

test('none processed, text behind the count, and a second reply are complaints', async () => {
  const answers: Fault[] = [
    { does: 'answer', text: 'Done processing 0 commands.\n' },
    { does: 'answer', text: 'Done processing 26 commands.\nError: database is down\n' },
    { does: 'answer', pieces: 'twice in one record' },
  ];
  for (const fault of answers) {
    const simulator = await startSimulator({ faults: ({ block }) => (block > 0 ? fault : undefined) });
    const { error, delivery, lines } = await deliver(simulator, stream);
    await simulator.close();
    assert.equal(error, undefined);
    assert.equal(delivery.complaints, 1);
    assert.equal(delivery.units, 6);
    assert.equal(lines.filter((line) => line.includes('The Management Center complains: ')).length, 1);
  }
});

test('what comes while the connection is being closed is a complaint', async () => {
  const simulator = await startSimulator({
    faults: ({ block }) => (block === 2 ? { does: 'late', text: 'the database is full' } : undefined),
  });
  const { error, delivery, lines } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.complaints, 1);
  assert.ok(
    lines.includes('WARNING The Management Center complains: an error message: the database is full'),
  );
});

test('a complaint about settings that are said again is one like all others', async () => {
  const text = 'Error: SetDomain: no such domain\nDone processing 2 commands.\n';
  const simulator = await startSimulator({
    maximumSize: 300,
    faults: ({ connection, block }): Fault | undefined => {
      if (connection === 1) return block === 2 ? { does: 'reset' } : undefined;
      return block === 1 ? { does: 'answer', text } : undefined;
    },
  });
  const { error, delivery } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.complaints, 1);
  assert.equal(delivery.processed, delivery.commands);
});

test('a failure inside another one is told once, with one advice and one code', async () => {
  const simulator = await startSimulator({
    maximumSize: 300,
    faults: ({ block }) => (block === 1 ? { does: 'reset' } : undefined),
  });
  const { error, lines } = await deliver(simulator, stream, { retries: 1 });
  await simulator.close();
  assert.ok(error instanceof DeliveryIncompleteError);
  assert.equal(error.message.match(/\[QC/g)?.length, 1);
  assert.doesNotMatch(error.message, /Look at the network/);
  assert.deepEqual([error.address, error.port], ['127.0.0.1', simulator.port]);
  for (const line of lines) assert.doesNotMatch(line, /\[QC|Look at the network/);
});

test('an acknowledgement without a count is one', async () => {
  const simulator = await startSimulator({
    faults: ({ block }) => (block > 0 ? { does: 'answer', text: '' } : undefined),
  });
  const { error, delivery } = await deliver(simulator, stream);
  await simulator.close();
  assert.equal(error, undefined);
  assert.equal(delivery.processed, undefined);
  assert.equal(delivery.units, 6);
});
