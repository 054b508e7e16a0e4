import { errorCode } from '../../files/system-reason.ts';
import {
  ClientRefusedError,
  ConnectionRefusedError,
  HandshakeBrokenError,
  NotTlsError,
  TlsFailedError,
  TlsMismatchError,
  UnreachableError,
} from './errors.ts';
import type { Target } from './target.ts';

/** A failure before the TCP connection stood, in the users' words. */
export function explainTcpFailure(target: Target, error: unknown): Error {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return new ConnectionRefusedError(target, error);
  return new UnreachableError(target, code || String(error), error);
}

/** Alerts by which a server says that it is the client's certificate that it does not accept. */
const ABOUT_THE_CLIENT =
  / alert (bad certificate|unsupported certificate|certificate (revoked|expired|unknown|required)|unknown ca|access denied)$/;

const NOT_TLS =
  /^(wrong version number|packet length too long|record too small|unexpected message|bad record type)$/;

const MISMATCH =
  /protocol version|unsupported protocol|no protocols available|version too low|handshake failure|insufficient security|no shared cipher|unsafe legacy renegotiation|key too small|dh key|sigalg|no suitable (key share|signature algorithm)|wrong signature type|internal error/;

/**
 * A failure of the TLS handshake, in the users' words.
 * @param answered whether the server had said anything; one that hangs up later does so for the client's certificate
 */
export function explainTlsFailure(
  target: Target,
  legacyTls: boolean,
  answered: boolean,
  error: unknown,
): Error {
  const reason = reasonOf(error);
  if (reason === undefined) {
    const code = errorCode(error);
    if (code !== 'ECONNRESET' && code !== 'EPIPE') {
      return new TlsFailedError(target, code || String(error), error);
    }
    return answered ? clientRefused(target, error) : new HandshakeBrokenError(target, error);
  }
  if (ABOUT_THE_CLIENT.test(reason)) return clientRefused(target, error);
  if (NOT_TLS.test(reason)) return new NotTlsError(target, error);
  if (MISMATCH.test(reason)) return new TlsMismatchError(target, reason, legacyTls, error);
  return new TlsFailedError(target, reason, error);
}

function clientRefused({ server, port }: Target, error: unknown): Error {
  return new ClientRefusedError(server, error, { address: server, port });
}

/** OpenSSL's own words; undefined where the failure is not OpenSSL's. */
function reasonOf(error: unknown): string | undefined {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string'
    ? error.reason
    : undefined;
}
