import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { ClientRefusedError } from '../../../src/management-center/connection/errors.ts';
import { Block } from '../../../src/management-center/session/block.ts';
import {
  ConnectionLostError,
  MaximumTooSmallError,
  NotHostInputError,
  VersionRefusedError,
} from '../../../src/management-center/session/errors.ts';
import { data, maximumSize, reply, version } from '../../../src/management-center/session/messages.ts';
import { probeManagementCenter } from '../../../src/management-center/session/probe.ts';
import { openSession, type Session } from '../../../src/management-center/session/session.ts';
import type { Clock } from '../../../src/clock.ts';
import type { Fault } from '../../../src/simulators/management-center/faults.ts';
import type { ManagementCenterSimulator } from '../../../src/simulators/management-center/simulator.ts';
import { certificates } from '../../support/certificates.ts';
import { tlsServer } from '../../support/local-tls-server.ts';
import { connectTo, hasty, startSimulator, timeouts } from '../../support/management-center.ts';

const { signal } = new AbortController();
const blockOf = (commands: string): Block => Block.of(Buffer.from(commands));
async function open(simulator: ManagementCenterSimulator, clock?: Clock): Promise<Session> {
  return openSession(await connectTo(simulator)(signal), timeouts, signal, clock);
}

/** What opening a session ends with when that goes wrong in it. */
async function handshakeFailure(fault: Fault, clock?: Clock): Promise<unknown> {
  const simulator = await startSimulator({ faults: () => fault });
  try {
    const session = await open(simulator, clock);
    await session.close();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await simulator.close();
  }
}

test('speaks the protocol byte for byte', async () => {
  const simulator = await startSimulator();
  const session = await open(simulator);
  const commands = 'AddHost,192.0.2.1\nScanFlush\n';
  const reply = await session.sendBlock(blockOf(commands), signal);
  await session.close();
  await simulator.close();
  const [connection] = simulator.connections;
  assert.equal(
    connection?.received.toBuffer().toString('hex'),
    `000000020000000400000001000000030000001c${Buffer.from(commands).toString('hex')}`,
  );
  assert.equal(
    connection.sent.toBuffer().toString('hex'),
    `000000010000000400080000000000030000001c${Buffer.from('Done processing 2 commands.\n').toString('hex')}`,
  );
  assert.equal(session.maximumSize, 524_288);
  assert.deepEqual(reply, { text: 'Done processing 2 commands.', processed: 2, complaint: undefined });
});

test('hears the maximum size in whatever pieces it comes', async () => {
  for (const pieces of ['byte by byte', 'split header'] as const) {
    assert.equal(await handshakeFailure({ does: 'answer', pieces }), undefined);
  }
});

test('an end before the first answer means that the client is not wanted', async () => {
  const ends: Fault[] = [
    { does: 'close' },
    { does: 'reset' },
    { does: 'close', afterBytes: 0 },
    { does: 'close', afterBytes: 5 },
    { does: 'answer', upTo: { bytes: 7, then: 'close' } },
  ];
  for (const fault of ends) assert.ok((await handshakeFailure(fault)) instanceof ClientRefusedError);
});

test('a missing client certificate shows as a refused client', async () => {
  const simulator = await startSimulator();
  const connect = connectTo(simulator, { key: '', cert: '' });
  await assert.rejects(async () => {
    await openSession(await connect(signal), timeouts, signal);
  }, ClientRefusedError);
  await simulator.close();
  assert.equal(simulator.connections.length, 0);
});

test('an error message to the version is shown', async () => {
  const error = await handshakeFailure({ does: 'error', text: 'too new' });
  assert.ok(error instanceof VersionRefusedError);
  assert.match(error.message, /refused the session: too new\./);
});

test('silence is given up', async () => {
  const error = await handshakeFailure({ does: 'silence' }, hasty);
  assert.ok(error instanceof ConnectionLostError);
  assert.match(error.message, /no answer within 30 seconds/);
});

test('a peer that dribbles without end is given up', async () => {
  const fault: Fault = { does: 'answer', upTo: { bytes: 11, then: 'silence' } };
  assert.ok((await handshakeFailure(fault, hasty)) instanceof ConnectionLostError);
});

test('what is not the protocol is told so', async () => {
  const answers = [
    Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    Buffer.from('000000010000000500080000ff', 'hex'),
    Buffer.from('000000030000000400080000', 'hex'),
    Buffer.from('0000000100000000', 'hex'),
  ];
  for (const bytes of answers) {
    assert.ok((await handshakeFailure({ does: 'raw', bytes })) instanceof NotHostInputError);
  }
});

test('a maximum that holds no finding is refused, an absurd one is taken as it is', async () => {
  for (const maximumSize of [0, 1, 127]) {
    const simulator = await startSimulator({ maximumSize });
    await assert.rejects(open(simulator), MaximumTooSmallError);
    await simulator.close();
  }
  const simulator = await startSimulator({ maximumSize: 2 ** 32 - 1 });
  const session = await open(simulator);
  assert.equal(session.maximumSize, 2 ** 32 - 1);
  assert.equal(session.blockSize, 524_288);
  await session.close();
  await simulator.close();
});

test('an interruption ends the wait with its own reason', async () => {
  const simulator = await startSimulator({ faults: () => ({ does: 'silence' }) });
  const controller = new AbortController();
  const opening = openSession(await connectTo(simulator)(signal), timeouts, controller.signal);
  controller.abort(new Error('stop'));
  await assert.rejects(opening, { message: 'stop' });
  await simulator.close();
});

test('replies are read whole, however they come', async () => {
  const long = `${'x'.repeat(39)}\n`.repeat(1000);
  const cases: [Fault, number | undefined, number | undefined][] = [
    [{ does: 'answer', pieces: 'byte by byte' }, 1, undefined],
    [{ does: 'answer', pieces: 'split header' }, 1, undefined],
    [{ does: 'answer', text: '' }, undefined, undefined],
    [{ does: 'answer', text: `${long}Done processing 1 commands.\n` }, 1, 39_999],
  ];
  for (const [fault, processed, complaint] of cases) {
    const simulator = await startSimulator({ faults: ({ block }) => (block > 0 ? fault : undefined) });
    const session = await open(simulator);
    for (let block = 0; block < 3; block++) {
      const reply = await session.sendBlock(blockOf('ScanFlush\n'), signal);
      assert.equal(reply.processed, processed);
      assert.equal(reply.complaint?.length, complaint);
    }
    await session.close();
    await simulator.close();
  }
});

test('a second reply in the same record belongs to the same block', async () => {
  const simulator = await startSimulator({
    faults: ({ block }) => (block === 1 ? { does: 'answer', pieces: 'twice in one record' } : undefined),
  });
  const session = await open(simulator);
  const block = blockOf('ScanFlush\n');
  await session.sendBlock(block, signal);
  const [further] = session.furtherReplies(block);
  assert.equal(further?.complaint, 'a further reply: Done processing 1 commands.');
  const reply = await session.sendBlock(blockOf('ScanFlush\nScanFlush\n'), signal);
  assert.equal(reply.processed, 2);
  await session.close();
  await simulator.close();
});

test('an answer without end is not read without end', async () => {
  const simulator = await startSimulator({
    faults: ({ block }) =>
      block === 1 ? { does: 'raw', bytes: Buffer.from('00000003ffffffff', 'hex') } : undefined,
  });
  const session = await open(simulator);
  await assert.rejects(session.sendBlock(blockOf('ScanFlush\n'), signal), ConnectionLostError);
  session.destroy();
  await simulator.close();
});

test('a probe learns the maximum size and imports nothing', async () => {
  const simulator = await startSimulator({ maximumSize: 4000, maxVersion: 'TLSv1.2' });
  const { maximumSize, longestLine, tlsVersion, milliseconds } = await probeManagementCenter(
    connectTo(simulator, { ca: certificates.internalAuthority.certificate }),
    timeouts,
    signal,
  );
  await simulator.settled();
  assert.equal(maximumSize, 4000);
  assert.equal(longestLine, 4000);
  assert.equal(tlsVersion, 'TLSv1.2');
  assert.ok(Number.isInteger(milliseconds));
  assert.equal(simulator.connections[0]?.received.toBuffer().toString('hex'), '000000020000000400000001');
  assert.deepEqual(simulator.networkMap.hosts, {});
  await simulator.close();
});

test('blocks that are answered before they are read arrive as they were, although their memory is used again', async (t) => {
  const { internalAuthority, managementCenter } = certificates;
  const read: Buffer[] = [];
  let server: TLSSocket | undefined;
  const target = await tlsServer(
    t,
    { key: managementCenter.key, cert: managementCenter.certificate, ca: internalAuthority.certificate },
    (socket) => {
      server = socket.on('data', (bytes: Buffer) => read.push(bytes)).pause();
      socket.write(Buffer.concat([maximumSize(100_000), ...Array.from({ length: 100 }, () => reply(''))]));
    },
  );
  const session = await openSession(await connectTo(target)(signal), timeouts, signal);
  const memory = Buffer.alloc(100_008);
  for (let number = 0; number < 100; number++) {
    await session.sendBlock(new Block(memory.fill(number)), signal);
  }
  assert.ok(server);
  const ended = once(server, 'end');
  server.resume();
  await Promise.all([ended, session.close()]);
  const sent = Array.from({ length: 100 }, (_, number) => data(Block.of(Buffer.alloc(100_000, number))));
  assert.ok(Buffer.concat(read).equals(Buffer.concat([version(), ...sent])));
});
