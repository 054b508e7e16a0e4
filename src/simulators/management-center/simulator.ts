import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type SecureVersion, type Server, type TLSSocket } from 'node:tls';
import { USUAL_MAXIMUM } from '../../management-center/session/messages.ts';
import { type Identity, makeServerCertificate } from '../certificates.ts';
import { peerFits } from './check-peer.ts';
import { Connection } from './connection.ts';
import type { FaultPlan } from './faults.ts';
import { Interpreter } from './interpreter.ts';
import { NetworkMap, type NetworkMapData } from './network-map.ts';

export interface ManagementCenterSimulatorOptions {
  /** The Internal CA: clients must show a certificate signed by it. */
  readonly authority: Identity;
  /** Default: made on the spot, signed by the authority. */
  readonly serverIdentity?: Identity;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** What it says; 0 to 2^32-1. */
  readonly maximumSize?: number;
  /** Names of host attributes that exist from the start. */
  readonly attributes?: readonly string[];
  /** Close without a word when the client's address is not the one in its certificate. */
  readonly checkPeer?: boolean;
  /** Complain of lines that a real server discards silently. */
  readonly strict?: boolean;
  readonly faults?: FaultPlan;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** OpenSSL's list, e.g. `DEFAULT@SECLEVEL=0` for TLS 1.0 and SHA-1. */
  readonly ciphers?: string;
  /** Keep the bytes of each connection (the first 4 MiB each way). */
  readonly keepTranscript?: boolean;
  /** Gets a line for whatever happens. */
  readonly log?: (message: string) => void;
}

export interface ManagementCenterSimulator {
  readonly host: string;
  readonly port: number;
  /** A copy of the map as it is now. */
  readonly networkMap: NetworkMapData;
  /** All connections since the start, that got through TLS. */
  readonly connections: readonly Connection[];
  /** Resolves when no connection is open. */
  settled(): Promise<void>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts a server that behaves as a Management Center's host input service. */
export async function startManagementCenterSimulator(
  options: ManagementCenterSimulatorOptions,
): Promise<ManagementCenterSimulator> {
  const map = new NetworkMap(options.attributes);
  const connections: Connection[] = [];
  const transports = new Map<string, Socket>();
  const served = new Set<Promise<void>>();
  const server = makeServer(options);

  server.on('connection', (transport: Socket) => {
    const key = endpoint(transport);
    transports.set(key, transport);
    transport.once('close', () => transports.delete(key));
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    // Errors reach the connection through its iterator; a socket without a listener would end the process.
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    const transport = transports.get(endpoint(socket));
    if (!transport) return void socket.destroy();
    const serving = serve(socket, transport).finally(() => served.delete(serving));
    served.add(serving);
  });

  async function serve(socket: TLSSocket, transport: Socket): Promise<void> {
    if (options.checkPeer && !(await peerFits(socket))) {
      options.log?.('client refused: its address is not the one in its certificate');
      return void socket.end();
    }
    const connection = new Connection({
      number: connections.length + 1,
      socket,
      transport,
      interpreter: new Interpreter(map, options.strict ?? false),
      maximumSize: options.maximumSize ?? USUAL_MAXIMUM,
      faults: options.faults ?? (() => undefined),
      keepTranscript: options.keepTranscript ?? false,
      log: options.log ?? (() => undefined),
    });
    connections.push(connection);
    await connection.serve();
  }

  const host = options.host ?? '127.0.0.1';
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    get networkMap() {
      return map.toData();
    },
    connections,
    settled: async () => {
      while (served.size > 0) await Promise.all(served);
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const transport of transports.values()) transport.destroy();
      await Promise.all([closed, ...served]);
    },
  };
}

function makeServer(options: ManagementCenterSimulatorOptions): Server {
  const identity =
    options.serverIdentity ?? makeServerCertificate(options.authority, ['localhost', '127.0.0.1', '::1']);
  const server = createServer({
    key: identity.key,
    cert: identity.certificate,
    ca: options.authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
    // So that a fault can still say something to a client that has ended its side.
    allowHalfOpen: true,
    ...(options.minVersion && { minVersion: options.minVersion }),
    ...(options.maxVersion && { maxVersion: options.maxVersion }),
    ...(options.ciphers && { ciphers: options.ciphers }),
  });
  server.on('tlsClientError', (error) => options.log?.(`client refused: ${error.message}`));
  return server;
}

function endpoint(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`;
}
