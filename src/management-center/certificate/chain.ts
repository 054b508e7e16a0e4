import type { KeyObject, X509Certificate } from 'node:crypto';
import { KeyDoesNotFitError, NoCertificateError, NoPrivateKeyError } from './errors.ts';

/** The parts of a certificate file, each in its place. */
export interface CertificateChain {
  readonly key: KeyObject;
  /** The one that the key belongs to. */
  readonly leaf: X509Certificate;
  /** The issuers of the leaf found in the file, from its own upwards, the self-signed one included. */
  readonly issuers: readonly X509Certificate[];
  /** All authorities in the file, the leaf's own or not. */
  readonly authorities: readonly X509Certificate[];
}

/**
 * Finds out what belongs together, whatever the order in the file.
 * @throws NoPrivateKeyError, NoCertificateError, KeyDoesNotFitError
 */
export function arrangeChain(file: string, { certificates, keys }: FileParts, now: Date): CertificateChain {
  if (keys.length === 0) throw new NoPrivateKeyError(file);
  if (certificates.length === 0) throw new NoCertificateError(file);
  for (const key of keys) {
    const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
    if (!leaf) continue;
    const authorities = certificates.filter((other) => other !== leaf && (other.ca || isSelfSigned(other)));
    return { key, leaf, issuers: issuersOf(leaf, authorities, now), authorities };
  }
  throw new KeyDoesNotFitError(file);
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function issuersOf(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  now: Date,
): X509Certificate[] {
  const issuers: X509Certificate[] = [];
  let top = leaf;
  while (!isSelfSigned(top)) {
    const issuer = issuerOf(top, authorities, now);
    if (!issuer || issuers.includes(issuer)) break;
    issuers.push(issuer);
    top = issuer;
  }
  return issuers;
}

/** A renewed authority stands beside its predecessor with the same name and key: the valid one counts. */
function issuerOf(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  now: Date,
): X509Certificate | undefined {
  const issuers = authorities.filter(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  return issuers.find((issuer) => new Date(issuer.validTo) > now) ?? issuers[0];
}

/** What was found in a certificate file, in its order, before it is known what belongs together. */
export interface FileParts {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** A certificate file's name, bytes and password on their way through its reading. */
export interface CertificateSource {
  readonly file: string;
  readonly bytes: Buffer;
  /** '' when none was given. */
  readonly password: string;
}
