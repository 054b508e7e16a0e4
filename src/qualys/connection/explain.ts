import { errors } from 'undici';
import type { ConnectorError } from '../../connector-error.ts';
import { errorCode, systemReason } from '../../files/system-reason.ts';
import { oneLine } from '../../text/one-line.ts';
import { TransientError } from '../retry/transient.ts';
import { ProxyConnectionFailureError } from './dispatcher.ts';
import {
  NotTheQualysApiError,
  ProxyLoginRefusedError,
  ProxyNotTrustedError,
  ProxyTunnelRefusedError,
  ProxyUnreachableError,
  QualysConnectionLostError,
  QualysHostNotFoundError,
  QualysNotTrustedError,
  QualysTlsFailedError,
  QualysUnreachableError,
} from './errors.ts';
import type { Peer } from './peer.ts';
import type { ProxySetting } from './proxy.ts';

/** What is known of the way to Qualys when a call fails on it. */
export interface Way {
  readonly server: Peer;
  readonly proxy: ProxySetting | undefined;
  /** Whether Qualys has answered before in this run: if so, a failure will pass; if not, a setting may be wrong. */
  readonly reached: boolean;
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_PRX_TLS',
]);
/** No connection came into being, so that nothing can have been done. */
const NOT_CONNECTED = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Of these, the ones that will hardly pass within a minute. */
const HARD = new Set(['ENOTFOUND', 'ECONNREFUSED']);

/** Turns what undici, TLS and the sockets throw into what may pass (TransientError) or what the user must set right. */
export function explainNetworkError(error: unknown, way: Way): Error {
  const { server, proxy } = way;
  if (error instanceof ProxyConnectionFailureError && proxy) {
    return explainProxyFailure(error.cause, proxy.peer, way);
  }
  const refusal = /^Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : '');
  if (refusal && proxy) return explainTunnel(Number(refusal[1]), proxy, way);
  const code = errorCode(error);
  if (isFaultOfOurs(error)) return error;
  if (isUntrusted(code)) return new QualysNotTrustedError(server, trustReason(error), error);
  if (isTlsFailure(code)) return new QualysTlsFailedError(server, tlsReason(error), error);
  if (code === 'ENOTFOUND') return unreachable(new QualysHostNotFoundError(server, error), code, way);
  if (NOT_CONNECTED.has(code)) {
    return unreachable(new QualysUnreachableError(server, systemReason(error), error), code, way);
  }
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    const said = `what it sends is not HTTP (${oneLine(error.message, 100)})`;
    return new TransientError(new NotTheQualysApiError(server, said), { maybeDone: true, tries: 3 });
  }
  const lost = new QualysConnectionLostError(server, oneLine(systemReason(error), 200), error);
  return new TransientError(lost, { maybeDone: true });
}

/** Sockets, TLS and undici all give codes: anything else is a fault of this program. */
function isFaultOfOurs(error: unknown): error is Error {
  return error instanceof Error && errorCode(error) === '' && error.name !== 'HTTPParserError';
}

function explainProxyFailure(cause: unknown, proxy: Peer, way: Way): Error {
  const code = errorCode(cause);
  if (isFaultOfOurs(cause)) return cause;
  if (isUntrusted(code)) return new ProxyNotTrustedError(proxy, trustReason(cause), cause);
  if (isTlsFailure(code)) return new ProxyNotTrustedError(proxy, tlsReason(cause), cause);
  const why = oneLine(systemReason(cause), 200);
  return unreachable(new ProxyUnreachableError(proxy, why, cause), code, way);
}

function explainTunnel(status: number, { peer, authorization }: ProxySetting, way: Way): Error {
  if (status === 407) return new ProxyLoginRefusedError(peer, authorization !== undefined);
  const last = new ProxyTunnelRefusedError(peer, way.server, status);
  return status < 500 ? last : unreachable(last, '', way);
}

/** Before the first answer a wrong setting is likelier than a passing trouble: few tries. */
function unreachable(last: ConnectorError, code: string, way: Way): TransientError {
  const tries = way.reached ? Infinity : HARD.has(code) ? 1 : 3;
  return new TransientError(last, { maybeDone: false, tries });
}

function isUntrusted(code: string): boolean {
  return UNTRUSTED.has(code) || code.startsWith('CERT_');
}

function isTlsFailure(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}

/** undici's own error for a name mismatch behind a proxy hides the real one in its cause. */
function trustReason(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return trustReason(error.cause);
  const said = error instanceof Error ? error.message : String(error);
  return `${oneLine(said, 300)} (${errorCode(error)})`;
}

const NO_TLS = /wrong version number|packet length too long|record too small|unexpected message|bad record/;
const OLD_TLS = /unsupported protocol|protocol version|version too low/;

/** OpenSSL's short reason, in our words where there are some: its message is a line of addresses and file names. */
function tlsReason(error: unknown): string {
  const reason = error instanceof Error && 'reason' in error ? oneLine(String(error.reason), 100) : '';
  if (NO_TLS.test(reason)) return `what answers there does not speak TLS (${reason})`;
  if (OLD_TLS.test(reason)) return `its versions of TLS are too old (${reason})`;
  return reason || errorCode(error);
}
