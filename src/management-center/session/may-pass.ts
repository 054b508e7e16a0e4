import { BlockRefusedError, ConnectionLostError, LineTooLongError } from './errors.ts';
import {
  ConnectionRefusedError,
  ConnectTimeoutError,
  HandshakeBrokenError,
  HandshakeTimeoutError,
  NameServerError,
  TRUST_ERRORS,
  UnreachableError,
} from '../connection/errors.ts';
import { ConnectorError } from '../../connector-error.ts';

const OFTEN_PASSES = [
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  HandshakeBrokenError,
  HandshakeTimeoutError,
  NameServerError,
  UnreachableError,
];

const NEVER_PASSES = [BlockRefusedError, LineTooLongError, ...TRUST_ERRORS];

/**
 * Whether a later try may do better. A client that was let in once (`knownGood`) may be let in again whatever is said
 * now, since an appliance that restarts says much; but never one that is not the trusted one.
 */
export function mayPass(error: unknown, knownGood: boolean): boolean {
  if (OFTEN_PASSES.some((kind) => error instanceof kind)) return true;
  return knownGood && error instanceof ConnectorError && !NEVER_PASSES.some((kind) => error instanceof kind);
}
