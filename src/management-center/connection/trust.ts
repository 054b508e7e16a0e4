import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../log/log.ts';
import type { ClientCertificate } from '../certificate/client-certificate.ts';
import { HOST_INPUT_TITLE, nameValue } from '../certificate/distinguished-name.ts';
import type { Target } from './target.ts';
import {
  FingerprintMismatchError,
  NoServerCertificateError,
  ServerChangedError,
  ServerIsClientError,
  UntrustedServerError,
} from './errors.ts';
import { parseFingerprint } from './fingerprint.ts';
import { isWeak } from '../certificate/weakness.ts';

/** How it is decided whether the server that answers is the Management Center. */
export type Trust =
  /** Its chain leads to an authority in the certificate file. */
  | { readonly kind: 'internal-ca' }
  /** It has exactly this certificate; 64 lower-case hexadecimal digits. */
  | { readonly kind: 'fingerprint'; readonly sha256: string }
  /** It is not, by the user's wish. */
  | { readonly kind: 'insecure' }
  /** It has the certificate met first, for want of an authority: `hold` is told each fingerprint, and tells the first. */
  | { readonly kind: 'first-met'; readonly hold: (fingerprint: string) => string };

/** -fingerprint and -insecure; the command line takes one of them at most. */
interface TrustOptions {
  readonly fingerprint?: string | undefined;
  readonly insecure: boolean;
}

/**
 * What -fingerprint (as parseFingerprint gives it) and -insecure ask for; warns of whatever leaves the server
 * unauthenticated.
 */
export function trustFrom(
  { fingerprint, insecure }: TrustOptions,
  certificate: ClientCertificate,
  log: Log,
): Trust {
  if (fingerprint !== undefined) return { kind: 'fingerprint', sha256: fingerprint };
  if (insecure) {
    log.warning(
      'trust.insecure',
      'The Management Center is not authenticated (-insecure): whoever answers at its address gets the data.',
    );
    return { kind: 'insecure' };
  }
  if (certificate.authorities.length > 0) return { kind: 'internal-ca' };
  return { kind: 'first-met', hold: holdToFirst(certificate.file, log) };
}

function holdToFirst(file: string, log: Log): (fingerprint: string) => string {
  let first: string | undefined;
  return (fingerprint) => {
    if (first !== undefined) return first;
    log.warning(
      'trust.unchecked',
      `The certificate file '${file}' holds no authority, so the Management Center cannot be authenticated. ` +
        `Compare the SHA-256 fingerprint of its certificate, then pin it with -fingerprint=${fingerprint}`,
      { fingerprint },
    );
    return (first = fingerprint);
  };
}

/**
 * Decides on a server after the handshake and before anything is sent. Names are not compared: a Management
 * Center's certificate bears its identifier, not its address.
 * @throws UntrustedServerError, FingerprintMismatchError, NoServerCertificateError, ServerIsClientError,
 *         ServerChangedError
 */
export function checkServer(socket: TLSSocket, target: Target, trust: Trust): void {
  const met = socket.getPeerX509Certificate();
  if (!met) throw new NoServerCertificateError(target);
  if (trust.kind === 'insecure') return;
  if (trust.kind === 'fingerprint') {
    if (parseFingerprint(met.fingerprint256) !== trust.sha256) {
      throw new FingerprintMismatchError(target, met);
    }
    return;
  }
  if (trust.kind === 'internal-ca' && !socket.authorized) {
    throw new UntrustedServerError(target, met, reasonOf(socket, met));
  }
  const own = socket.getX509Certificate()?.fingerprint256 === met.fingerprint256;
  if (own || isOfClient(met)) throw new ServerIsClientError(target, met, own);
  if (trust.kind === 'internal-ca') return;
  const first = trust.hold(met.fingerprint256);
  if (first !== met.fingerprint256) throw new ServerChangedError(target, met, first);
}

/** In the form observed, a client of any service has a `client_` and its domain; older ones may have the title alone. */
function isOfClient({ subject }: X509Certificate): boolean {
  const qualifier = nameValue(subject, 'generationQualifier');
  if (qualifier !== undefined) return qualifier.startsWith('client');
  return nameValue(subject, 'title') === HOST_INPUT_TITLE;
}

/** OpenSSL's verdicts that people can do something else about than mistrust. */
function reasonOf(socket: TLSSocket, met: X509Certificate): string {
  // Node gives the verdict's name here, though its types say Error.
  const verdict = String(socket.authorizationError);
  if (verdict === 'CERT_HAS_EXPIRED') return `it expired (${met.validTo})`;
  if (verdict === 'CERT_NOT_YET_VALID') return `it is valid only from ${met.validFrom}`;
  // The verdict on weak signatures is one of those that Node has no name for.
  if (verdict === 'UNSPECIFIED' && isWeak(met)) {
    return 'it is signed with SHA-1 or has a short key; -legacytls allows that';
  }
  return `it does not lead to the authority in the certificate file (${verdict})`;
}
