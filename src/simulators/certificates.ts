import { randomBytes, randomUUID, sign } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import { newKey } from './rsa-keys.ts';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** One value of a distinguished name; `type` (an OID) where forge knows no name for it. */
interface SubjectField {
  readonly name?: string;
  readonly type?: string;
  readonly value: string;
}

/** One part of a distinguished name; an array is a part with several values (written `a + b`). */
type NamePart = SubjectField | readonly SubjectField[];

export interface CertificateOptions {
  readonly subject: readonly NamePart[];
  /** Absent: self-signed. */
  readonly issuer?: Identity;
  readonly extensions: readonly object[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Default sha256; sha1 as old defence centers made them. */
  readonly digest?: 'sha256' | 'sha1';
  /** Hexadecimal, whole bytes; default: random. */
  readonly serialNumber?: string;
}

const DAY = 86_400_000;
const { Class, Type } = forge.asn1;

/** Makes a certificate with a key that no other one has. */
export function makeCertificate(options: CertificateOptions): Identity {
  const pair = newKey();
  const subject = nameToAsn1(options.subject);
  const issuer = options.issuer ? subjectOf(options.issuer.certificate) : subject;
  const unsigned = forge.pki.certificateToAsn1(describe(options, pair.publicKey));
  const [body, , signature] = parts(unsigned);
  if (!body || !signature) throw new Error('forge made no certificate');
  // forge knows names with one value a part only, so both names are put in here.
  parts(body).splice(3, 1, issuer);
  parts(body).splice(5, 1, subject);
  const bytes = Buffer.from(forge.asn1.toDer(body).getBytes(), 'binary');
  const signed = sign(options.digest ?? 'sha256', bytes, options.issuer?.key ?? pair.privateKey);
  signature.value = `\0${signed.toString('binary')}`;
  return { certificate: toPem(unsigned), key: pair.privateKey };
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

const UNIT: SubjectField = { name: 'organizationalUnitName', value: 'Intrusion Management System' };
const ORGANIZATION: SubjectField = { name: 'organizationName', value: 'Cisco Systems, Inc' };
/** The Global domain's identifier, the same on every Management Center (observed). */
const GLOBAL_DOMAIN = 'e276abec-e0f2-11e3-8169-6d9ed49b625f';
const GENERATION_QUALIFIER = '2.5.4.44';

/** A choice of what makes certificates unusual. */
export type CertificateVariation = Pick<CertificateOptions, 'notBefore' | 'notAfter' | 'digest'>;

/** A Management Center's Internal CA, in the form observed: one name part of three values, serial number 0. */
export function makeInternalAuthority(variation: CertificateVariation = {}): Identity {
  return makeCertificate({
    subject: [
      [{ name: 'title', value: 'InternalCA' }, UNIT, { name: 'commonName', value: randomUUID() }],
      ORGANIZATION,
    ],
    extensions: [{ name: 'basicConstraints', cA: true }],
    serialNumber: '00',
    ...variation,
  });
}

/**
 * The certificate that a Management Center makes for a host input client, in the form observed.
 * @param host what the client was registered as: its address or its name
 */
export function makeHostInputClient(
  authority: Identity,
  host: string,
  variation: CertificateVariation & { readonly title?: string } = {},
): Identity {
  const { title, ...rest } = variation;
  return makeCertificate({
    subject: [
      { name: 'commonName', value: host },
      UNIT,
      ORGANIZATION,
      { name: 'title', value: title ?? 'hostinputd' },
      { type: GENERATION_QUALIFIER, value: `client_${GLOBAL_DOMAIN}` },
    ],
    issuer: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      // An address, too, is given as a DNS name there.
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
      { name: 'extKeyUsage', clientAuth: true, serverAuth: true },
    ],
    serialNumber: '1f',
    ...rest,
  });
}

/** What forge is to fill in; names and signature are put in afterwards. */
function describe(options: CertificateOptions, publicKey: string): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = options.serialNumber ?? `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = options.notBefore ?? new Date(Date.now() - DAY);
  certificate.validity.notAfter = options.notAfter ?? new Date(Date.now() + 3650 * DAY);
  certificate.setExtensions([...options.extensions]);
  const oid = forge.pki.oids[options.digest === 'sha1' ? 'sha1WithRSAEncryption' : 'sha256WithRSAEncryption'];
  certificate.signatureOid = certificate.siginfo.algorithmOid = oid ?? '';
  certificate.signature = '';
  return certificate;
}

function nameToAsn1(name: readonly NamePart[]): forge.asn1.Asn1 {
  return sequence(
    name.map((part) => {
      const values = 'value' in part ? [part] : part;
      return forge.asn1.create(Class.UNIVERSAL, Type.SET, true, values.map(fieldToAsn1));
    }),
  );
}

function fieldToAsn1(field: SubjectField): forge.asn1.Asn1 {
  const oid = field.type ?? forge.pki.oids[field.name ?? ''] ?? '';
  const value = forge.util.encodeUtf8(field.value);
  return sequence([
    forge.asn1.create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(oid).getBytes()),
    forge.asn1.create(Class.UNIVERSAL, Type.UTF8, false, value),
  ]);
}

function subjectOf(certificate: string): forge.asn1.Asn1 {
  const [body] = parts(forge.asn1.fromDer(forge.util.createBuffer(fromPem(certificate).toString('binary'))));
  const subject = body && parts(body)[5];
  if (!subject) throw new Error('not a certificate');
  return subject;
}

function parts(node: forge.asn1.Asn1): forge.asn1.Asn1[] {
  return node.value as forge.asn1.Asn1[];
}

function sequence(values: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
}

function fromPem(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}

function toPem(certificate: forge.asn1.Asn1): string {
  return forge.pem.encode({ type: 'CERTIFICATE', body: forge.asn1.toDer(certificate).getBytes() });
}
