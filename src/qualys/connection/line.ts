import { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type Dispatcher, buildConnector } from 'undici';
import { makeDispatcher } from './dispatcher.ts';
import type { ProxySetting } from './proxy-setting.ts';

/** What carries the calls, with every socket that it has opened. */
export interface Line {
  readonly dispatcher: Dispatcher;
  /** Whether a call has taken the way through the proxy. */
  readonly proxyUsed: boolean;
  /** Gives up whatever connection there is or is being made; the next call makes a new one. */
  redial(): void;
  /** Ends it for good: no socket is left, not even one that is still being connected. */
  hangUp(): Promise<void>;
}

export function openLine(proxy: ProxySetting | undefined, trust: SecureContext | undefined): Line {
  const sockets = new Set<Socket>();
  let proxyUsed = false;
  const dial = (): Dispatcher =>
    makeDispatcher(proxy, trust, {
      proxyUsed: () => (proxyUsed = true),
      connector: (options) => keepingSockets(buildConnector(options), sockets),
    });
  let dispatcher = dial();

  async function hangUp(): Promise<void> {
    const ended = dispatcher.destroy();
    // undici waits for a connection that is being made, which keeps the process alive: up to CONNECT_TIMEOUT.
    for (const socket of sockets) socket.destroy(new Error('hung up'));
    await ended;
  }

  return {
    get dispatcher() {
      return dispatcher;
    },
    get proxyUsed() {
      return proxyUsed;
    },
    redial() {
      void hangUp();
      dispatcher = dial();
    },
    hangUp,
  };
}

/** As undici's connectors are: they return the socket at once, connected or not, which their types do not tell. */
type Connect = (options: buildConnector.Options, callback: buildConnector.Callback) => unknown;

/** Holds the sockets that the connector opens, until they close. */
function keepingSockets(connect: Connect, sockets: Set<Socket>): buildConnector.connector {
  return (options, callback) => {
    const opened = connect(options, callback);
    if (!(opened instanceof Socket)) return;
    sockets.add(opened);
    opened.on('error', () => undefined).once('close', () => sockets.delete(opened));
  };
}
