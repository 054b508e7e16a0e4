import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import type { TestContext } from 'node:test';
import { parseTarget, type Target } from '../../src/management-center/connection/target.ts';

/** Starts a TCP server on a free port of 127.0.0.1 for the length of a test. */
export async function tcpServer(context: TestContext, onSocket: (socket: Socket) => void): Promise<Target> {
  return await listen(context, createTcpServer(onSocket));
}

/** Starts a TLS server likewise. */
export async function tlsServer(
  context: TestContext,
  options: TlsOptions,
  onSocket: (socket: TLSSocket) => void = () => undefined,
): Promise<Target> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.on('tlsClientError', () => undefined);
  return await listen(context, server);
}

/** A port where nothing listens, nor will during the test: it is the near end of a connection. */
export async function deafTarget(context: TestContext): Promise<Target> {
  const { host, port } = await tcpServer(context, () => undefined);
  const socket = connect(port, host);
  context.after(() => socket.destroy());
  await once(socket, 'connect');
  return parseTarget('127.0.0.1', socket.localPort ?? 0, false);
}

async function listen(context: TestContext, server: Server): Promise<Target> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return parseTarget('127.0.0.1', (server.address() as AddressInfo).port, false);
}
