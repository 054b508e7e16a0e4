import { constants } from 'node:crypto';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as secure, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { withinTime } from '../../clock.ts';
import type { ClientCertificate } from '../certificate/client-certificate.ts';
import { WeakCertificateError } from '../certificate/errors.ts';
import {
  ConnectionRefusedError,
  ConnectTimeoutError,
  HandshakeTimeoutError,
  UnreachableError,
} from './errors.ts';
import { explainTcpFailure, explainTlsFailure } from './explain.ts';
import { addressesOf, type Resolve } from './resolve.ts';
import type { Target } from './target.ts';
import { checkServer, type Trust } from './trust.ts';

export interface ConnectOptions {
  /** Seconds for finding the name's addresses, and for the TCP connection to each. */
  readonly connectTimeout: number;
  /** Seconds for the TLS handshake. */
  readonly handshakeTimeout: number;
  /** Allow TLS 1.0, SHA-1 and old ciphers, on this connection only. */
  readonly legacyTls: boolean;
  /** Its reason is thrown when it is aborted. */
  readonly signal: AbortSignal;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
}

/**
 * Connects to the Management Center with the client's certificate, and makes sure that it is the one: nothing has
 * been sent over the socket that comes back. Under TLS 1.3 a server refuses a client's certificate only after this;
 * see ClientRefusedError.
 * @throws the classes of errors.ts (exit code 1), WeakCertificateError (2), the reason of `options.signal`
 */
export async function connectTls(
  target: Target,
  certificate: ClientCertificate,
  trust: Trust,
  options: ConnectOptions,
): Promise<TLSSocket> {
  if (certificate.weakSignature && !options.legacyTls) {
    throw new WeakCertificateError(certificate.file, certificate.subject);
  }
  const { connectTimeout, signal, resolve } = options;
  const addresses = await addressesOf(target, connectTimeout, signal, resolve);
  const tcp = await connectToFirst(addresses, target, options);
  return await shakeHands(tcp, target, certificate, trust, options);
}

/** Tries one address after the other; when none can be reached, the failure of the first is told. */
async function connectToFirst(
  addresses: readonly string[],
  target: Target,
  options: ConnectOptions,
): Promise<Socket> {
  let firstFailure: unknown;
  for (const address of addresses) {
    try {
      return await connectTcp(address, target, options);
    } catch (error) {
      if (!isOfThisAddress(error)) throw error;
      firstFailure ??= error;
    }
  }
  throw firstFailure;
}

function isOfThisAddress(error: unknown): boolean {
  return [ConnectionRefusedError, UnreachableError, ConnectTimeoutError].some(
    (kind) => error instanceof kind,
  );
}

async function connectTcp(address: string, target: Target, options: ConnectOptions): Promise<Socket> {
  const { connectTimeout, signal } = options;
  signal.throwIfAborted();
  // A reply may take minutes, longer than some firewalls remember a silent connection: hence the keep-alive.
  const patience = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const socket = connect({ host: address, port: target.port, ...patience });
  const late = () => new ConnectTimeoutError(target, connectTimeout);
  try {
    await withinTime({ seconds: connectTimeout, signal, late }, (limit) =>
      once(socket, 'connect', { signal: limit }).catch((error: unknown) => {
        throw explainTcpFailure(target, error);
      }),
    );
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

async function shakeHands(
  tcp: Socket,
  target: Target,
  certificate: ClientCertificate,
  trust: Trust,
  options: ConnectOptions,
): Promise<TLSSocket> {
  const { handshakeTimeout, legacyTls, signal } = options;
  const socket = secure({ socket: tcp, ...tlsOptions(target, certificate, legacyTls) });
  const late = () => new HandshakeTimeoutError(target, handshakeTimeout);
  try {
    await withinTime({ seconds: handshakeTimeout, signal, late }, (limit) =>
      once(socket, 'secureConnect', { signal: limit }).catch((error: unknown) => {
        throw explainTlsFailure(target, legacyTls, tcp.bytesRead > 0, error);
      }),
    );
    checkServer(socket, target, trust);
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

function tlsOptions(target: Target, certificate: ClientCertificate, legacyTls: boolean): ConnectionOptions {
  return {
    cert: [certificate.certificate, ...certificate.chain].join(''),
    key: certificate.key,
    // Only these, never the system's authorities. The verdict is read in checkServer, after the handshake and
    // before anything is sent, because a rejected socket no longer tells whom it met.
    ca: [...certificate.authorities],
    allowPartialTrustChain: true,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(isIP(target.host) ? {} : { servername: target.host }),
    minVersion: 'TLSv1.2',
    ...(legacyTls ? LEGACY : {}),
  };
}

/** Old defense centers: TLS 1.0, SHA-1, short keys, no secure renegotiation. */
const LEGACY: ConnectionOptions = {
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
};
