import { once } from 'node:events';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { type Clock, systemClock } from '../../src/clock.ts';
import { explainTcpFailure } from '../../src/management-center/connection/explain.ts';
import {
  type ManagementCenterSimulator,
  type ManagementCenterSimulatorOptions,
  startManagementCenterSimulator,
} from '../../src/simulators/management-center/simulator.ts';
import { certificates } from './certificates.ts';

const { internalAuthority: authority, managementCenter: serverIdentity, client } = certificates;

export function startSimulator(
  options: Partial<ManagementCenterSimulatorOptions> = {},
): Promise<ManagementCenterSimulator> {
  return startManagementCenterSimulator({ authority, serverIdentity, keepTranscript: true, ...options });
}

/** A way to connect to a simulator with the client's certificate. */
export function connectTo(
  server: { readonly port: number },
  options: ConnectionOptions = {},
): (signal: AbortSignal) => Promise<TLSSocket> {
  return async (signal) => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: authority.certificate,
      key: client.key,
      cert: client.certificate,
      ...options,
    });
    try {
      await once(socket, 'secureConnect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      signal.throwIfAborted();
      throw explainTcpFailure(
        { server: '127.0.0.1', host: '127.0.0.1', port: server.port, ipv6: false },
        error,
      );
    }
  };
}

/** Waits between tries are over at once, and time never runs out. */
export const impatient: Clock = {
  ...systemClock,
  sleep: async (_milliseconds, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
  after: () => () => undefined,
};

/** Time runs out at once. */
export const hasty: Clock = {
  ...impatient,
  after: (_milliseconds, callback) => {
    const handle = setImmediate(callback);
    return () => {
      clearImmediate(handle);
    };
  },
};

export const timeouts = { handshake: 30_000, reply: 300_000 };
