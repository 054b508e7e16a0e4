import { ConnectorError, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Target } from './target.ts';
import type { X509Certificate } from 'node:crypto';
import { distinguishedName } from '../certificate/distinguished-name.ts';

const failure = failures(ExitCode.usageOrUnreachable);

/** Every failure to connect begins with the original's words. */
abstract class ConnectError extends ConnectorError {
  constructor(
    code: ConnectorError['code'],
    { server, port }: Target,
    reason: string,
    whatToDo: string,
    cause?: unknown,
  ) {
    const whatHappened = `Can not Connect to Server: '${server}' on port '${port}': ${reason}.`;
    super(code, ExitCode.usageOrUnreachable, [whatHappened, whatToDo, { cause }]);
  }
}

export class NameNotResolvedError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    const kind = target.ipv6 ? 'no IPv6 address' : 'no address';
    super(
      'QC5101',
      target,
      `the name has ${kind}`,
      'Check the spelling, or give the address with -server=.',
      cause,
    );
  }
}

export class NameServerError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5102',
      target,
      'no name server answered for its name',
      "Check this host's name servers (/etc/resolv.conf), or give the address with -server=.",
      cause,
    );
  }
}

export class ConnectionRefusedError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5103',
      target,
      'the connection was refused',
      'Check address and port, that a host input client is registered there (System > Integration > Host Input ' +
        'Client opens the port), and firewalls on the way.',
      cause,
    );
  }
}

export class UnreachableError extends ConnectError {
  /** @param reason the system's word, e.g. EHOSTUNREACH */
  constructor(target: Target, reason: string, cause?: unknown) {
    super(
      'QC5104',
      target,
      `it cannot be reached from this host (${reason})`,
      'Check the address, the routing, and firewalls on the way and here.',
      cause,
    );
  }
}

export class ConnectTimeoutError extends ConnectError {
  constructor(target: Target, seconds: number) {
    super(
      'QC5105',
      target,
      `nothing answered within ${seconds} s`,
      'Check the address, the routing and firewalls on the way; -connecttimeout= waits longer.',
    );
  }
}

export class HandshakeTimeoutError extends ConnectError {
  constructor(target: Target, seconds: number) {
    super(
      'QC5106',
      target,
      `it accepts connections but did not finish the TLS handshake within ${seconds} s`,
      'Check that this is the port of the host input service (8307); -handshaketimeout= waits longer.',
    );
  }
}

export class HandshakeBrokenError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5107',
      target,
      'it ended the connection during the TLS handshake',
      'Check that this is the port of the host input service (8307), and firewalls on the way that inspect TLS.',
      cause,
    );
  }
}

export class NotTlsError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5108',
      target,
      'what answers there does not speak TLS',
      'Check the port: the host input service listens on 8307.',
      cause,
    );
  }
}

export class TlsMismatchError extends ConnectError {
  /** @param reason OpenSSL's words, e.g. `unsupported protocol` */
  constructor(target: Target, reason: string, legacyTls: boolean, cause?: unknown) {
    super(
      'QC5109',
      target,
      `there is no TLS version or cipher that both sides accept (${reason})`,
      legacyTls
        ? 'Even -legacytls (TLS 1.0 and old ciphers) does not help: check that this is the Management Center.'
        : 'TLS 1.2 is the least by default; for an old defense center, -legacytls allows TLS 1.0 and old ciphers.',
      cause,
    );
  }
}

export class TlsFailedError extends ConnectError {
  constructor(target: Target, reason: string, cause?: unknown) {
    super(
      'QC5110',
      target,
      `the TLS handshake failed (${reason})`,
      'Check that this is the port of the host input service (8307).',
      cause,
    );
  }
}

/**
 * The Management Center ended the connection before its first answer. Under TLS 1.3 even a certificate that it
 * does not accept shows only then, as an alert after the handshake; a client whose address differs from its
 * certificate's is closed without a word (eStreamer guide 5.3, p. 18).
 * @param cause the alert or the end of the stream, where there is one
 */
export const ClientRefusedError = failure('QC5150', (server: string, cause?: unknown) => {
  const alert = alertIn(cause);
  return [
    `The Management Center '${server}' did not accept this client: it ended the connection ` +
      `${alert ? `with the TLS alert '${alert}'` : 'without an answer'}.`,
    'Check under System > Integration > Host Input Client that this host is still in the list (a deleted ' +
      'client is refused at once, and needs a newly made certificate file), that the address it connects from ' +
      'is the one in the list (address translation on the way changes it), and, if a host name is listed, ' +
      'that the Management Center can resolve it.',
    { cause },
  ];
});

/** OpenSSL names the alert in `reason`, e.g. `tlsv13 alert certificate required`. */
function alertIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('reason' in cause) || typeof cause.reason !== 'string') return undefined;
  return / alert (.+)$/.exec(cause.reason)?.[1];
}

export const BadFingerprintError = failure('QC5030', (text: string, isSha1: boolean) => [
  `'${text}' is not a SHA-256 fingerprint${isSha1 ? ' but a SHA-1 one' : ''}.`,
  'Give 64 hexadecimal digits, with or without colons, with -fingerprint=.',
]);

export const ContradictingTrustError = failure('QC5031', () => [
  '-fingerprint and -insecure contradict each other.',
  'Leave one of them out.',
]);

export const NoServerCertificateError = failure('QC5032', ({ server, port }: Target) => [
  `Can not Connect to Server: '${server}' on port '${port}': it showed no certificate.`,
  'Check that this is the Management Center; nothing was sent.',
]);

export const FingerprintMismatchError = failure(
  'QC5033',
  ({ server, port }: Target, met: X509Certificate) => [
    `Can not Connect to Server: '${server}' on port '${port}': its certificate is not the one that ` +
      `-fingerprint names. ${describe(met)}.`,
    "Nothing was sent. If the Management Center's certificate was renewed, compare the new fingerprint there " +
      'and give it; otherwise something else answers in its place.',
  ],
);

/** @param reason continues the sentence "its certificate is not trusted: " */
export const UntrustedServerError = failure(
  'QC5034',
  ({ server, port }: Target, met: X509Certificate, reason: string) => [
    `Can not Connect to Server: '${server}' on port '${port}': its certificate is not trusted: ${reason}. ` +
      `${describe(met)}.`,
    'Nothing was sent. If this is the Management Center, check that the certificate file comes from it, or ' +
      'compare the fingerprint there and give it with -fingerprint=; otherwise something else answers in its place.',
  ],
);

function describe(met: X509Certificate): string {
  return (
    `Met: subject '${distinguishedName(met.subject)}', issuer '${distinguishedName(met.issuer)}', ` +
    `SHA-256 fingerprint ${met.fingerprint256}`
  );
}
