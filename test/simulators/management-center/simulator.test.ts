import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ClientRefusedError } from '../../../src/management-center/connection/errors.ts';
import { Block } from '../../../src/management-center/session/block.ts';
import { data, version } from '../../../src/management-center/session/messages.ts';
import { openSession } from '../../../src/management-center/session/session.ts';
import { makeHostInputClient } from '../../../src/simulators/certificates.ts';
import { certificates } from '../../support/certificates.ts';
import { connectTo, startSimulator, timeouts } from '../../support/management-center.ts';

const { signal } = new AbortController();

/** Sends these bytes on a new connection and returns what comes until its end. */
async function say(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = await connectTo({ port })(signal);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(pieces);
}

test('refuses a client without a certificate in the TLS handshake', async () => {
  const simulator = await startSimulator({ maxVersion: 'TLSv1.2' });
  const socket = connect({
    port: simulator.port,
    host: '127.0.0.1',
    ca: certificates.internalAuthority.certificate,
  });
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /handshake failure|ECONNRESET|disconnected/);
  await simulator.close();
  assert.equal(simulator.connections.length, 0);
});

test('closes without a word when the address is not the one in the certificate', async () => {
  const simulator = await startSimulator({ checkPeer: true });
  const open = async (host: string, title?: string): Promise<void> => {
    const client = makeHostInputClient(
      certificates.internalAuthority,
      host,
      title === undefined ? {} : { title },
    );
    const socket = await connectTo(simulator, { key: client.key, cert: client.certificate })(signal);
    await (await openSession(socket, timeouts, signal)).close();
  };
  await open('127.0.0.1');
  await open('localhost');
  await assert.rejects(open('192.0.2.1'), ClientRefusedError);
  await assert.rejects(open('127.0.0.1', 'estreamer'), ClientRefusedError);
  await simulator.close();
});

test('refuses a newer version, and what is no version, with an error message', async () => {
  const simulator = await startSimulator();
  const newer = await say(simulator.port, version(2));
  assert.equal(newer.readUInt32BE(0), 4);
  assert.match(newer.toString('latin1', 8), /version 2 is not supported/);
  const early = await say(simulator.port, data(Block.of(Buffer.from('x'))));
  assert.equal(early.readUInt32BE(0), 4);
  await simulator.close();
});

test('refuses a block above its maximum with an error message', async () => {
  const simulator = await startSimulator({ maximumSize: 200 });
  const bytes = Buffer.concat([version(), data(Block.of(Buffer.alloc(201, '\n')))]);
  const answer = await say(simulator.port, bytes);
  assert.equal(answer.readUInt32BE(12), 4);
  await simulator.close();
});

test('serves several connections at once, each with what waits on it', async () => {
  const simulator = await startSimulator();
  const sessions = await Promise.all(
    [1, 2, 3].map(async () => openSession(await connectTo(simulator)(signal), timeouts, signal)),
  );
  const finding = (n: number): Block => Block.of(Buffer.from(`AddScanResult,192.0.2.${n},"Q",1\n`));
  await Promise.all(sessions.map((session, index) => session.sendBlock(finding(index + 1), signal)));
  await sessions[0]?.sendBlock(Block.of(Buffer.from('ScanFlush\n')), signal);
  assert.deepEqual(Object.keys(simulator.networkMap.hosts), ['192.0.2.1']);
  await Promise.all(sessions.map((session) => session.close()));
  await simulator.settled();
  assert.deepEqual(Object.keys(simulator.networkMap.hosts), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  await simulator.close();
});

test('closes even while clients are connected', async () => {
  const simulator = await startSimulator();
  const session = await openSession(await connectTo(simulator)(signal), timeouts, signal);
  await simulator.close();
  await assert.rejects(session.sendBlock(Block.of(Buffer.from('ScanFlush\n')), signal));
});
