import type { X509Certificate } from 'node:crypto';
import { valueAt } from './der.ts';

/** Object identifiers in DER, hexadecimal, of signatures over MD2, MD5 and SHA-1. */
const BROKEN_DIGESTS: ReadonlySet<string> = new Set([
  '2a864886f70d010102', // md2WithRSAEncryption
  '2a864886f70d010104', // md5WithRSAEncryption
  '2a864886f70d010105', // sha1WithRSAEncryption
  '2a8648ce3d0401', // ecdsa-with-SHA1
  '2a8648ce380403', // dsa-with-sha1
]);

/**
 * Whether a certificate is of the kind that needs -legacytls: signed with SHA-1 or older, or with an RSA key of less
 * than 2048 bits. Versions of OpenSSL differ in when they refuse these, so it is told from the certificate itself.
 */
export function isWeak(certificate: X509Certificate): boolean {
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  return BROKEN_DIGESTS.has(signatureAlgorithm(certificate.raw)) || (bits !== undefined && bits < 2048);
}

/** Certificate ::= SEQUENCE { what is signed, SEQUENCE { the algorithm's identifier, … }, the signature } */
function signatureAlgorithm(der: Buffer): string {
  const signed = valueAt(der, valueAt(der, 0).start);
  const identifier = valueAt(der, valueAt(der, signed.end).start);
  return der.toString('hex', identifier.start, identifier.end);
}
