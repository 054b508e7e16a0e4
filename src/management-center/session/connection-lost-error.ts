import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** An established connection ended, broke, fell silent or lost its step. A new connection may well do better. */
export class ConnectionLostError extends ConnectorError {
  /** What happened, as a clause: `the Management Center closed it`. */
  readonly how: string;
  /** True when it was given up for its silence. */
  readonly timedOut: boolean;

  constructor(how: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super(
      'QC5500',
      ExitCode.usageOrUnreachable,
      `The connection to the Management Center was lost: ${how}.`,
      'Look at the network between the two and at the state of the Management Center, then run again.',
      options,
    );
    this.how = how;
    this.timedOut = options.timedOut ?? false;
  }
}
