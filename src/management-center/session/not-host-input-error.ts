import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** What answered the version is no host input service, or one that speaks otherwise. */
export class NotHostInputError extends ConnectorError {
  /** @param met what came instead of the maximum size, as a noun */
  constructor(server: string, met: string) {
    super(
      'QC5502',
      ExitCode.usageOrUnreachable,
      `What answers at ${server} does not speak the host input protocol: instead of its maximum size it sent ${met}.`,
      "Check -server and -port (the Management Center's host input service listens on 8307).",
    );
  }
}
