import { ConnectorError, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

const failure = failures(ExitCode.usageOrUnreachable);

/** An established connection ended, broke, fell silent or lost its step. A new connection may well do better. */
export class ConnectionLostError extends ConnectorError {
  /** What happened, as a clause: `the Management Center closed it`. */
  readonly how: string;
  /** True when it was given up for its silence. */
  readonly timedOut: boolean;

  constructor(how: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super('QC5500', ExitCode.usageOrUnreachable, [
      `The connection to the Management Center was lost: ${how}.`,
      'Look at the network between the two and at the state of the Management Center, then run again.',
      options,
    ]);
    this.how = how;
    this.timedOut = options.timedOut ?? false;
  }
}

/**
 * The Management Center answered a block of commands with an error message (type 4).
 * @param text what it said, made harmless
 */
export const BlockRefusedError = failure('QC5504', (text: string) => [
  `The Management Center refused the commands: ${text || '(it gave no reason)'}.`,
  "The appliance's own log says more.",
]);

/** A line that fits into no block. Lines are checked before sending, so the maximum must have become smaller. */
export const LineTooLongError = failure('QC5505', (start: string, maximum: number) => [
  `A command is longer than the ${maximum} bytes that the Management Center takes at once: ${start}...`,
  'Shorten it, or run again: a new run fits its lines to the maximum.',
]);

/** The Management Center's maximum would not hold one finding. */
export const MaximumTooSmallError = failure('QC5501', (server: string, maximum: number, needed: number) => [
  `The Management Center ${server} takes blocks of ${maximum} bytes only; a finding needs at least ${needed}.`,
  'Appliances say 524288. Restart the appliance, or ask its vendor: nothing can be sent like this.',
]);

/**
 * What answered the version is no host input service, or one that speaks otherwise.
 * @param met what came instead of the maximum size, as a noun
 */
export const NotHostInputError = failure('QC5502', (server: string, met: string) => [
  `What answers at ${server} does not speak the host input protocol: instead of its maximum size it sent ${met}.`,
  "Check -server and -port (the Management Center's host input service listens on 8307).",
]);

/**
 * The Management Center answered the version with an error message (type 4).
 * @param text what it said, made harmless
 */
export const VersionRefusedError = failure('QC5503', (server: string, text: string) => [
  `The Management Center ${server} refused the session: ${text || '(it gave no reason)'}.`,
  'Check under System > Integration > Host Input Client that this host is in the list, and that the ' +
    "certificate file is the newest one made there; the appliance's own log says more.",
]);
