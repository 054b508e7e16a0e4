import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** The Management Center answered a block of commands with an error message (type 4). */
export class BlockRefusedError extends ConnectorError {
  /** @param text what it said, made harmless */
  constructor(text: string) {
    super(
      'QC5504',
      ExitCode.usageOrUnreachable,
      `The Management Center refused the commands: ${text || '(it gave no reason)'}.`,
      "The appliance's own log says more.",
    );
  }
}
