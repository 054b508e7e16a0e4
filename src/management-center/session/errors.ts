import { tmpdir } from 'node:os';
import { ConnectorError, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { systemReason } from '../../files/system-reason.ts';

const failure = failures(ExitCode.usageOrUnreachable);

/** The other end of a connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** An established connection ended, broke, fell silent or lost its step. A new connection may well do better. */
export class ConnectionLostError extends ConnectorError {
  /** True when it was given up for its silence. */
  readonly timedOut: boolean;

  /** @param how what happened, as a clause: `the Management Center closed it` */
  constructor(peer: Peer, how: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super('QC5500', ExitCode.usageOrUnreachable, [
      `The connection to the Management Center was lost: ${how}.`,
      'Look at the network between the two and at the state of the Management Center, then run again.',
      { ...options, ...peer },
    ]);
    this.timedOut = options.timedOut ?? false;
  }
}

/** The Management Center's maximum would not hold one finding. */
export const MaximumTooSmallError = failure('QC5501', (peer: Peer, maximum: number, needed: number) => [
  `The Management Center ${named(peer)} takes blocks of ${maximum} bytes only; a finding needs at least ${needed}.`,
  'Appliances say 524288. Restart the appliance, or ask its vendor: nothing can be sent like this.',
  peer,
]);

/**
 * What answered the version is no host input service, or one that speaks otherwise.
 * @param met what came instead of the maximum size, as a noun
 */
export const NotHostInputError = failure('QC5502', (peer: Peer, met: string) => [
  `What answers at ${named(peer)} does not speak the host input protocol: instead of its maximum size it sent ${met}.`,
  "Check -server and -port (the Management Center's host input service listens on 8307).",
  peer,
]);

/**
 * The Management Center answered the version with an error message (type 4).
 * @param text what it said, made harmless
 */
export const VersionRefusedError = failure('QC5503', (peer: Peer, text: string) => [
  `The Management Center ${named(peer)} refused the session: ${text || '(it gave no reason)'}.`,
  'Check under System > Integration > Host Input Client that this host is in the list, and that the ' +
    "certificate file is the newest one made there; the appliance's own log says more.",
  peer,
]);

/**
 * The Management Center answered a block of commands with an error message (type 4).
 * @param text what it said, made harmless
 */
export const BlockRefusedError = failure('QC5504', (peer: Peer, text: string) => [
  `The Management Center refused the commands: ${text || '(it gave no reason)'}.`,
  "The appliance's own log says more.",
  peer,
]);

/** A line that fits into no block. Lines are checked before sending, so the maximum must have become smaller. */
export const LineTooLongError = failure('QC5505', (start: string, maximum: number) => [
  `A command is longer than the ${maximum} bytes that the Management Center takes at once: ${start}...`,
  'Shorten it, or run again: a new run fits its lines to the maximum.',
]);

/** What is too large for one block could not be kept on disk until it is acknowledged. */
export const SpoolError = failures(ExitCode.failed)('QC5506', (cause: unknown) => [
  `A host with very many findings could not be kept in a temporary file in ${tmpdir()}: ${systemReason(cause)}.`,
  'Make room there, or name another directory in the environment variable TMPDIR.',
  { cause },
]);

export function named({ address, port }: Peer): string {
  return `${address}:${port}`;
}
