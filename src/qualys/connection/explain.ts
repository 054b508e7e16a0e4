import { errors } from 'undici';
import type { ConnectorError } from '../../connector-error.ts';
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
import type { ProxySetting } from './proxy-setting.ts';
import { errorCode, systemReason } from '../../files/system-reason.ts';
import { TransientError } from '../retry/transient.ts';

/** What is known of the way to Qualys when a call fails on it. */
export interface Way {
  readonly host: string;
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
  if (error instanceof ProxyConnectionFailureError) return explainProxyFailure(error.cause, way);
  const refusal = /^Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : '');
  if (refusal && way.proxy) return explainTunnel(Number(refusal[1]), way.proxy, way);
  const code = errorCode(error);
  // Sockets, TLS and undici all give codes: anything else is a fault of this program.
  if (code === '' && error instanceof Error && error.name !== 'HTTPParserError') return error;
  const options = { cause: error };
  if (isUntrusted(code)) return new QualysNotTrustedError(way.host, trustReason(error), options);
  if (isTlsFailure(code)) return new QualysTlsFailedError(way.host, systemReason(error), options);
  if (code === 'ENOTFOUND') return unreachable(new QualysHostNotFoundError(way.host, options), code, way);
  if (NOT_CONNECTED.has(code)) {
    return unreachable(new QualysUnreachableError(way.host, systemReason(error), options), code, way);
  }
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    const last = new NotTheQualysApiError(way.host, `what it sends is not HTTP (${error.message})`);
    return new TransientError({ trouble: last.message, last, maybeDone: true, tries: 3 });
  }
  const last = new QualysConnectionLostError(way.host, systemReason(error), options);
  return new TransientError({
    trouble: `The connection to ${way.host} broke: ${systemReason(error)}.`,
    last,
    maybeDone: true,
  });
}

function explainProxyFailure(cause: unknown, way: Way): Error {
  const name = way.proxy?.name ?? '';
  const code = errorCode(cause);
  if (code === '' && cause instanceof Error && cause.name !== 'HTTPParserError') return cause;
  if (isUntrusted(code) || isTlsFailure(code)) {
    const why = isUntrusted(code) ? trustReason(cause) : systemReason(cause);
    return new ProxyNotTrustedError(name, why, { cause });
  }
  return unreachable(new ProxyUnreachableError(name, systemReason(cause), { cause }), code, way);
}

function explainTunnel(status: number, proxy: ProxySetting, way: Way): Error {
  if (status === 407) return new ProxyLoginRefusedError(proxy.name, proxy.authorization !== undefined);
  const last = new ProxyTunnelRefusedError(proxy.name, way.host, status);
  return status < 500 ? last : unreachable(last, '', way);
}

/** Before the first answer a wrong setting is likelier than a passing trouble: few tries. */
function unreachable(last: ConnectorError, code: string, way: Way): TransientError {
  const tries = way.reached ? Infinity : HARD.has(code) ? 1 : 3;
  return new TransientError({ trouble: last.message, last, maybeDone: false, tries });
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
  return error instanceof Error ? `${error.message} (${errorCode(error)})` : String(error);
}
