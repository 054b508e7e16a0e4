import { isIP, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { ProxySetting } from './proxy.ts';

/** Milliseconds for a TCP connection and its TLS handshake. */
const CONNECT_TIMEOUT = 30_000;

/** The connection to the proxy failed, not that to Qualys: its cause says why. */
export class ProxyConnectionFailureError extends Error {
  constructor(cause: unknown) {
    super('The connection to the proxy failed.', { cause });
  }
}

/** How connections are made, and who is told of them. */
interface Dialing {
  /** Told when a call takes the way through the proxy, which NO_PROXY may spare it. */
  readonly proxyUsed: () => void;
  readonly connector: (options: buildConnector.BuildOptions) => buildConnector.connector;
}

/** Calls go directly or through the proxy. TLS is always verified, with Node's authorities or those given. */
function makeDispatcher(
  proxy: ProxySetting | undefined,
  trust: SecureContext | undefined,
  { proxyUsed, connector }: Dialing,
): Dispatcher {
  const tls = { ...(trust && { secureContext: trust }), rejectUnauthorized: true, timeout: CONNECT_TIMEOUT };
  return new EnvHttpProxyAgent({
    // Empty, not absent: else undici would look into the environment by itself.
    httpProxy: '',
    httpsProxy: proxy?.url ?? '',
    noProxy: proxy?.except ?? '',
    ...(proxy?.authorization === undefined ? {} : { token: proxy.authorization }),
    connect: connector(tls),
    requestTls: tls,
    clientFactory: (origin) => new ProxyPool(origin, withoutAddressAsName(connector(tls)), proxyUsed),
    // The silence limits of our own rule, since they hold for the proxy's part of the way too.
    headersTimeout: 0,
    bodyTimeout: 0,
    connections: 1,
  });
}

/** Connections to a proxy, whose failures are marked as the proxy's. */
class ProxyPool extends Pool {
  readonly #used: () => void;

  constructor(origin: URL, connect: buildConnector.connector, used: () => void) {
    super(origin, { connect, headersTimeout: 0, bodyTimeout: 0 });
    this.#used = used;
  }

  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): void;
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    this.#used();
    try {
      return await super.connect(options);
    } catch (error) {
      throw new ProxyConnectionFailureError(error);
    }
  }
}

/** undici offers the proxy's address as TLS server name, which must not be an IP address (RFC 6066). */
function withoutAddressAsName(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const { servername, ...rest } = options;
    // null where the types say undefined (observed).
    const name: string | null | undefined = servername;
    const named = name && isIP(name.replace(/^\[|\]$/g, '')) === 0;
    connect(named ? options : rest, callback);
  };
}

/** What carries the calls, one after the other, with every socket that was opened. */
export interface Dispatchers {
  readonly current: Dispatcher;
  /** Whether a call has taken the way through the proxy. */
  readonly proxyUsed: boolean;
  /** Gives up whatever connection there is or is being made; the next call makes a new one. */
  reconnect(): void;
  /** Ends it for good: no socket is left, not even one that is still being connected. */
  close(): Promise<void>;
}

export function openDispatchers(
  proxy: ProxySetting | undefined,
  trust: SecureContext | undefined,
): Dispatchers {
  const sockets = new Set<Socket>();
  let proxyUsed = false;
  const make = (): Dispatcher =>
    makeDispatcher(proxy, trust, {
      proxyUsed: () => (proxyUsed = true),
      connector: (options) => keepingSockets(buildConnector(options), sockets),
    });
  let current = make();

  async function close(): Promise<void> {
    const ended = current.destroy();
    // undici waits for a connection that is being made, which keeps the process alive: up to CONNECT_TIMEOUT.
    for (const socket of sockets) socket.destroy(new Error('closed'));
    await ended;
  }

  return {
    get current() {
      return current;
    },
    get proxyUsed() {
      return proxyUsed;
    },
    reconnect() {
      void close();
      current = make();
    },
    close,
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
