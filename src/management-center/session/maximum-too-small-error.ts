import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** The Management Center's maximum would not hold one finding. */
export class MaximumTooSmallError extends ConnectorError {
  constructor(server: string, maximum: number, needed: number) {
    super(
      'QC5501',
      ExitCode.usageOrUnreachable,
      `The Management Center ${server} takes blocks of ${maximum} bytes only; a finding needs at least ${needed}.`,
      'Appliances say 524288. Restart the appliance, or ask its vendor: nothing can be sent like this.',
    );
  }
}
