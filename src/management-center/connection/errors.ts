import type { X509Certificate } from 'node:crypto';
import { type Code, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { distinguishedName } from '../certificate/distinguished-name.ts';
import type { Target } from './target.ts';

const failure = failures(ExitCode.usageOrUnreachable);
/** An option that cannot be meant. */
const badOption = failures(ExitCode.failed);

/** What is told of a failure to connect: why, which continues the original's words, and what to do about it. */
type Reason = readonly [reason: string, advice: string, cause?: unknown];

function noConnection<About extends readonly unknown[]>(
  code: Code,
  reasonOf: (target: Target, ...about: About) => Reason,
) {
  return failure(code, (target: Target, ...about: About) => {
    const { server: address, port } = target;
    const [reason, advice, cause] = reasonOf(target, ...about);
    const happened = `Can not Connect to Server: '${address}' on port '${port}' : ${reason}.`;
    return [happened, advice, { cause, address, port }];
  });
}

export const NameNotResolvedError = noConnection('QC5101', ({ ipv6 }, cause?: unknown) => [
  `the name has ${ipv6 ? 'no IPv6 address' : 'no address'}`,
  'Check the spelling, or give the address with -server=.',
  cause,
]);

export const NameServerError = noConnection('QC5102', (_target, cause?: unknown) => [
  'no name server answered for its name',
  "Check this host's name servers (/etc/resolv.conf), or give the address with -server=.",
  cause,
]);

export const ConnectionRefusedError = noConnection('QC5103', (_target, cause?: unknown) => [
  'the connection was refused',
  'Check address and port, that a host input client is registered there (System > Integration > Host Input ' +
    'Client opens the port), and firewalls on the way.',
  cause,
]);

/** @param reason the system's word, e.g. EHOSTUNREACH */
export const UnreachableError = noConnection('QC5104', (_target, reason: string, cause?: unknown) => [
  `it cannot be reached from this host (${reason})`,
  'Check the address, the routing, and firewalls on the way and here.',
  cause,
]);

export const ConnectTimeoutError = noConnection('QC5105', (_target, seconds: number) => [
  `nothing answered within ${seconds} s`,
  'Check the address, the routing and firewalls on the way; -connecttimeout= waits longer.',
]);

export const HandshakeTimeoutError = noConnection('QC5106', (_target, seconds: number) => [
  `it accepts connections but did not finish the TLS handshake within ${seconds} s`,
  'Check that this is the port of the host input service (8307); -handshaketimeout= waits longer.',
]);

export const HandshakeBrokenError = noConnection('QC5107', (_target, cause?: unknown) => [
  'it ended the connection during the TLS handshake',
  'Check that this is the port of the host input service (8307), and firewalls on the way that inspect TLS.',
  cause,
]);

export const NotTlsError = noConnection('QC5108', (_target, cause?: unknown) => [
  'what answers there does not speak TLS',
  'Check the port: the host input service listens on 8307.',
  cause,
]);

/** @param reason OpenSSL's words, e.g. `unsupported protocol` */
export const TlsMismatchError = noConnection(
  'QC5109',
  (_target, reason: string, legacyTls: boolean, cause?: unknown) => [
    `there is no TLS version or cipher that both sides accept (${reason})`,
    legacyTls
      ? 'Even -legacytls (TLS 1.0 and old ciphers) does not help: check that this is the Management Center.'
      : 'TLS 1.2 is the least by default; for an old defense center, -legacytls allows TLS 1.0 and old ciphers.',
    cause,
  ],
);

export const TlsFailedError = noConnection('QC5110', (_target, reason: string, cause?: unknown) => [
  `the TLS handshake failed (${reason})`,
  'Check that this is the port of the host input service (8307).',
  cause,
]);

export const NoServerCertificateError = noConnection('QC5032', () => [
  'it showed no certificate',
  'Check that this is the Management Center; nothing was sent.',
]);

export const FingerprintMismatchError = noConnection('QC5033', (_target, met: X509Certificate) => [
  `its certificate is not the one that -fingerprint names. ${description(met)}`,
  "Nothing was sent. If the Management Center's certificate was renewed, compare the new fingerprint there " +
    'and give it; otherwise something else answers in its place.',
]);

/** @param reason continues the sentence "its certificate is not trusted: " */
export const UntrustedServerError = noConnection(
  'QC5034',
  (_target, met: X509Certificate, reason: string) => [
    `its certificate is not trusted: ${reason}. ${description(met)}`,
    'Nothing was sent. If this is the Management Center, check that the certificate file comes from it, or ' +
      'compare the fingerprint there and give it with -fingerprint=; otherwise something else answers in its place.',
  ],
);

/** Every certificate that the Management Center made leads to its authority, those of its clients too. */
export const ServerIsClientError = noConnection('QC5035', (_target, met: X509Certificate, own: boolean) => [
  `its certificate was made for ${own ? 'this client' : 'a client of the Management Center'}, not for the ` +
    `Management Center itself. ${description(met)}`,
  'Nothing was sent. Check -server=; if that is right, somebody who holds the certificate file of a client may answer ' +
    'in its place: delete that client under System > Integration > Host Input Client. Only if the Management Center ' +
    'itself shows this fingerprint, give it with -fingerprint=.',
]);

/** @param first the SHA-256 fingerprint that was met first */
export const ServerChangedError = noConnection('QC5036', (_target, met: X509Certificate, first: string) => [
  `its certificate is another than the one met first in this run (${first}). ${description(met)}`,
  'Nothing was sent to it. Compare the fingerprints on the Management Center, then give the right one with ' +
    '-fingerprint=; otherwise something else answers in its place.',
]);

/** Whoever answers is not the one to be trusted: trying again does not help. */
export const TRUST_ERRORS = [
  NoServerCertificateError,
  FingerprintMismatchError,
  UntrustedServerError,
  ServerIsClientError,
  ServerChangedError,
];

function description(met: X509Certificate): string {
  return (
    `Met: subject '${distinguishedName(met.subject)}', issuer '${distinguishedName(met.issuer)}', ` +
    `SHA-256 fingerprint ${met.fingerprint256}`
  );
}

/**
 * The Management Center ended the connection before its first answer. Under TLS 1.3 even a certificate that it
 * does not accept shows only then, as an alert after the handshake; a client whose address differs from its
 * certificate's is closed without a word (eStreamer guide 5.3, p. 18).
 * @param cause the alert or the end of the stream, where there is one
 * @param peer where that was
 */
export const ClientRefusedError = failure(
  'QC5150',
  (server: string, cause?: unknown, peer?: { readonly address: string; readonly port: number }) => {
    const alert = alertIn(cause);
    return [
      `The Management Center '${server}' did not accept this client: it ended the connection ` +
        `${alert ? `with the TLS alert '${alert}'` : 'without an answer'}.`,
      'Check under System > Integration > Host Input Client that this host is still in the list (a deleted ' +
        'client is refused at once, and needs a newly made certificate file), that the address it connects from ' +
        'is the one in the list (address translation on the way changes it), and, if a host name is listed, ' +
        'that the Management Center can resolve it.',
      { cause, ...peer },
    ];
  },
);

/** OpenSSL names the alert in `reason`, e.g. `tlsv13 alert certificate required`. */
function alertIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('reason' in cause) || typeof cause.reason !== 'string') return undefined;
  return / alert (.+)$/.exec(cause.reason)?.[1];
}

export const BadFingerprintError = badOption('QC5030', (text: string, isSha1: boolean) => [
  `'${text}' is not a SHA-256 fingerprint${isSha1 ? ' but a SHA-1 one' : ''}.`,
  'Give 64 hexadecimal digits, with or without colons, with -fingerprint=.',
]);

/** Each has a certificate of its own. */
export const FingerprintOfSeveralError = badOption('QC1041', () => [
  '-fingerprint names one certificate, and several Management Centers are to be delivered to.',
  "Give each its fingerprint under 'servers:' in the YAML, as 'fingerprint:' beside its 'address:'.",
]);

/** @param reason continues the sentence "'…' cannot be a Management Center's address: " */
export const BadServerError = badOption('QC5040', (server: string, reason: string) => [
  `'${server}' cannot be a Management Center's address: ${reason}.`,
  'Give a host name, an IPv4 address or an IPv6 address with -server=, and the port with -port=.',
]);
