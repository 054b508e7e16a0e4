import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/**
 * The Management Center ended the connection before its first answer. Under TLS 1.3 even a certificate that it
 * does not accept shows only then, as an alert after the handshake; a client whose address differs from its
 * certificate's is closed without a word (eStreamer guide 5.3, p. 18).
 */
export class ClientRefusedError extends ConnectorError {
  /** @param cause the alert or the end of the stream, where there is one */
  constructor(server: string, cause?: unknown) {
    const alert = alertIn(cause);
    super(
      'QC5150',
      ExitCode.usageOrUnreachable,
      `The Management Center '${server}' did not accept this client: it ended the connection ` +
        `${alert ? `with the TLS alert '${alert}'` : 'without an answer'}.`,
      'Check under System > Integration > Host Input Client that this host is still in the list (a deleted ' +
        'client is refused at once, and needs a newly made certificate file), that the address it connects from ' +
        'is the one in the list (address translation on the way changes it), and, if a host name is listed, ' +
        'that the Management Center can resolve it.',
      { cause },
    );
  }
}

/** OpenSSL names the alert in `reason`, e.g. `tlsv13 alert certificate required`. */
function alertIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('reason' in cause) || typeof cause.reason !== 'string') return undefined;
  return / alert (.+)$/.exec(cause.reason)?.[1];
}
