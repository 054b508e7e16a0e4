import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** A line that fits into no block. Lines are checked before sending, so the maximum must have become smaller. */
export class LineTooLongError extends ConnectorError {
  constructor(start: string, maximum: number) {
    super(
      'QC5505',
      ExitCode.usageOrUnreachable,
      `A command is longer than the ${maximum} bytes that the Management Center takes at once: ${start}...`,
      'Shorten it, or run again: a new run fits its lines to the maximum.',
    );
  }
}
