import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** The Management Center answered the version with an error message (type 4). */
export class VersionRefusedError extends ConnectorError {
  /** @param text what it said, made harmless */
  constructor(server: string, text: string) {
    super(
      'QC5503',
      ExitCode.usageOrUnreachable,
      `The Management Center ${server} refused the session: ${text || '(it gave no reason)'}.`,
      'Check under System > Integration > Host Input Client that this host is in the list, and that the ' +
        "certificate file is the newest one made there; the appliance's own log says more.",
    );
  }
}
