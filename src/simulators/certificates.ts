import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export type SubjectField = forge.pki.CertificateField;

export interface CertificateOptions {
  readonly subject: readonly SubjectField[];
  /** Absent: self-signed. */
  readonly issuer?: Identity;
  readonly extensions: readonly object[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Default sha256; sha1 as old defence centers made them. */
  readonly digest?: 'sha256' | 'sha1';
}

const DAY = 86_400_000;

/** Makes a certificate with a fresh RSA key of 2048 bits (made by OpenSSL: forge's own takes seconds). */
export function makeCertificate(options: CertificateOptions): Identity {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = options.notBefore ?? new Date(Date.now() - DAY);
  certificate.validity.notAfter = options.notAfter ?? new Date(Date.now() + 3650 * DAY);
  certificate.setSubject([...options.subject]);
  certificate.setIssuer(
    options.issuer
      ? forge.pki.certificateFromPem(options.issuer.certificate).subject.attributes
      : [...options.subject],
  );
  certificate.setExtensions([...options.extensions]);
  certificate.sign(
    forge.pki.privateKeyFromPem(options.issuer?.key ?? pair.privateKey),
    options.digest === 'sha1' ? forge.md.sha1.create() : forge.md.sha256.create(),
  );
  return { certificate: forge.pki.certificateToPem(certificate), key: pair.privateKey };
}

/** A certificate authority of one's own. */
export function makeAuthority(commonName: string): Identity {
  return makeCertificate({
    subject: [{ name: 'commonName', value: commonName }],
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

/** A server's certificate for host names and addresses. */
export function makeServerCertificate(issuer: Identity, hosts: readonly string[]): Identity {
  return makeCertificate({
    subject: [{ name: 'commonName', value: hosts[0] ?? 'localhost' }],
    issuer,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
}
