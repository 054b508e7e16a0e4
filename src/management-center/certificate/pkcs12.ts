import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { errorCode } from '../../files/system-reason.ts';
import type { CertificateSource, FileParts } from './chain.ts';
import { valueAt } from './der.ts';
import {
  CertificatePasswordNeededError,
  NotACertificateFileError,
  UnsupportedEncryptionError,
  UnsupportedKeyEncryptionError,
  WrongCertificatePasswordError,
} from './errors.ts';

const { asn1, pki, pkcs12 } = forge;
type Asn1 = forge.asn1.Asn1;

/** Of key derivation, in a whole file: writers take some thousands, and forge does 100,000 in a second. */
const MOST_ROUNDS = 1_000_000;

/**
 * Reads certificates and keys out of a PKCS#12 (RFC 7292).
 * @throws NotACertificateFileError, UnsupportedEncryptionError, WrongCertificatePasswordError,
 *         CertificatePasswordNeededError
 */
export function readPkcs12(source: CertificateSource): FileParts {
  const certificates: X509Certificate[] = [];
  const keys: KeyObject[] = [];
  for (const bag of openPfx(source).safeContents.flatMap(({ safeBags }) => safeBags)) {
    if (bag.type === pki.oids.certBag) certificates.push(certificateIn(source, bag));
    else keys.push(keyIn(source, bag));
  }
  return { certificates, keys: keys.map((key) => asCertified(key, certificates)) };
}

/** forge takes an RSA-PSS key for one of RSA: such a one is made again under the algorithm that its certificate names. */
function asCertified(key: KeyObject, certificates: readonly X509Certificate[]): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') return key;
  const modulus = Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url');
  const certified = certificates
    .filter(({ publicKey }) => publicKey.asymmetricKeyType === 'rsa-pss')
    .map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }))
    .find((der) => der.includes(modulus));
  return certified === undefined ? key : rsaPssKey(key, certified);
}

/** @param publicKey in DER, whose first part is the algorithm (RFC 5280, 4.1) */
function rsaPssKey(key: KeyObject, publicKey: Buffer): KeyObject {
  const { Class, Type, create } = asn1;
  const [algorithm] = asn1.fromDer(publicKey.toString('binary')).value;
  const pkcs1 = key.export({ type: 'pkcs1', format: 'der' }).toString('binary');
  return toKey(
    create(Class.UNIVERSAL, Type.SEQUENCE, true, [
      create(Class.UNIVERSAL, Type.INTEGER, false, '\0'),
      ...(typeof algorithm === 'object' ? [algorithm] : []),
      create(Class.UNIVERSAL, Type.OCTETSTRING, false, pkcs1),
    ]),
  );
}

/**
 * Opens an encrypted PKCS#8 key (RFC 5958): by Node, or, since its OpenSSL does no RC2, by forge.
 * @param pem the key's block alone
 * @throws NotACertificateFileError, UnsupportedKeyEncryptionError, WrongCertificatePasswordError
 */
export function readEncryptedKey({ file, password }: CertificateSource, pem: string): KeyObject {
  const encrypted = parse(file, Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'));
  const excess = excessIn(encrypted);
  if (excess !== undefined) throw new UnsupportedKeyEncryptionError(file, excess);
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase: password });
  } catch (error) {
    if (errorCode(error) !== 'ERR_OSSL_EVP_UNSUPPORTED') throw new WrongCertificatePasswordError(file);
  }
  for (const form of new Set([password, asUtf8(password)])) {
    try {
      return toKey(pki.decryptPrivateKeyInfo(encrypted, form));
    } catch (error) {
      const algorithm = unknownAlgorithm(error);
      if (algorithm !== undefined) throw new UnsupportedKeyEncryptionError(file, algorithm);
    }
  }
  throw new WrongCertificatePasswordError(file);
}

function openPfx(source: CertificateSource): forge.pkcs12.Pkcs12Pfx {
  const { file, bytes, password } = source;
  const pfx = parse(file, bytes);
  const excess = excessIn(pfx);
  if (excess !== undefined) throw new UnsupportedEncryptionError(file, excess);
  const failures: unknown[] = [];
  for (const [form, parts] of passwordForms(password, pfx)) {
    try {
      return pkcs12.pkcs12FromAsn1({ ...pfx, value: parts }, true, form);
    } catch (error) {
      failures.push(error);
    }
  }
  throw explain(source, pfx.value.length > 2, failures);
}

/** Parses DER or BER; what copying added at the end (a line feed, padding) is passed over. */
function parse(file: string, bytes: Buffer): Asn1 {
  try {
    const isEndless = bytes[1] === 0x80;
    return asn1.fromDer(bytes.toString('binary', 0, isEndless ? bytes.length : valueAt(bytes, 0).end));
  } catch (cause) {
    const isPage = /^\s*<(!doctype|html|\?xml)/i.test(bytes.toString('latin1', 0, 200));
    throw new NotACertificateFileError(file, isPage ? 'it is a web page' : 'not ASN.1', cause);
  }
}

/**
 * The forms of a password that writers use, each with the parts of the file to try it on. The empty one is two zero
 * bytes (OpenSSL, the appliance) or none. One beyond ASCII is UTF-16 for the MAC and the older algorithms, but UTF-8
 * for AES, and for everything by OpenSSL before 1.1; forge takes one form for all, so the MAC is left out then, and
 * the padding tells.
 */
function passwordForms(
  password: string,
  { value }: Asn1,
): [form: string | undefined, parts: Asn1['value']][] {
  if (password === '') {
    return [
      ['', value],
      [undefined, value],
    ];
  }
  if (isAscii(password)) return [[password, value]];
  return [
    [password, value],
    [asUtf8(password), value.slice(0, 2)],
  ];
}

function isAscii(text: string): boolean {
  return asUtf8(text) === text;
}

/** A character for each byte, as forge has bytes. */
function asUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('binary');
}

/** Too many rounds of key derivation, in words: a hostile file could ask for years of work. */
function excessIn(node: Asn1): string | undefined {
  const rounds = roundsIn(node);
  return rounds > MOST_ROUNDS ? `${rounds} rounds of key derivation` : undefined;
}

/** The sum of the numbers that follow a salt, in strings of bytes too; what is encrypted shows only later. */
function roundsIn(node: Asn1): number {
  if (node.tagClass === asn1.Class.UNIVERSAL && node.type === asn1.Type.OCTETSTRING) {
    return roundsWithin(node);
  }
  if (typeof node.value === 'string') return 0;
  return node.value.reduce((sum, child, at, siblings) => {
    const isCount = child.type === asn1.Type.INTEGER && siblings[at - 1]?.type === asn1.Type.OCTETSTRING;
    return sum + roundsIn(child) + (isCount ? Number(`0x0${forge.util.bytesToHex(octets(child))}`) : 0);
  }, 0);
}

function roundsWithin(octetString: Asn1): number {
  try {
    return roundsIn(asn1.fromDer(octets(octetString)));
  } catch {
    return 0;
  }
}

/** BER writers may cut a string of bytes into pieces. */
function octets({ value }: Asn1): string {
  return typeof value === 'string' ? value : value.map(octets).join('');
}

/** @param failures forge's, one for each form of the password: plain errors, told apart by words and fields */
function explain(
  { file, password }: CertificateSource,
  hasMac: boolean,
  failures: readonly unknown[],
): Error {
  const algorithm = failures.map(unknownAlgorithm).find((name) => name !== undefined);
  if (algorithm !== undefined) return new UnsupportedEncryptionError(file, algorithm);
  const [first] = failures;
  const words = String(first);
  if (has(first, 'errors') || /PFX|authSafe|iteration count/.test(words)) {
    return new NotACertificateFileError(file, 'its structure is another', first);
  }
  const macAgrees = hasMac && !words.includes('MAC could not be verified');
  if (macAgrees && !isAscii(password)) {
    return new UnsupportedEncryptionError(
      file,
      'a password beyond ASCII under algorithms of two generations',
    );
  }
  if (macAgrees && !words.includes('decrypt')) {
    return new NotACertificateFileError(file, 'it is damaged', first);
  }
  return password === '' ? new CertificatePasswordNeededError(file) : new WrongCertificatePasswordError(file);
}

/** The name of what forge says that it does not know, by its object identifier; undefined for other failures. */
function unknownAlgorithm(error: unknown): string | undefined {
  if (has(error, 'contentType')) return 'encryption to a public key';
  const unknownMac = /unsupported MAC algorithm: (.+)/.exec(String(error))?.[1];
  const oid = has(error, 'oid') ? String(error.oid) : unknownMac;
  if (oid === undefined) return undefined;
  return (
    NAMES[oid] ?? pki.oids[oid] ?? (/^[\d.]+$/.test(oid) ? `the algorithm ${oid}` : 'an unknown algorithm')
  );
}

function has<Name extends string>(error: unknown, name: Name): error is Record<Name, unknown> {
  return error instanceof Error && name in error;
}

/** As openssl writes them. */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'PBE-SHA1-RC4-128',
  '1.2.840.113549.1.12.1.2': 'PBE-SHA1-RC4-40',
  '1.2.840.113549.1.12.1.4': 'PBE-SHA1-2DES',
  '1.2.840.113549.1.12.1.5': 'PBE-SHA1-RC2-128',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.5.10': 'PBE-SHA1-DES',
  '1.2.840.113549.1.5.14': 'PBMAC1',
  '1.2.840.113549.1.7.2': 'a signature in place of a password',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
};

function certificateIn({ file }: CertificateSource, bag: forge.pkcs12.Bag): X509Certificate {
  try {
    return new X509Certificate(toDer(bag.cert ? certificateOf(bag.cert) : bag.asn1));
  } catch (cause) {
    throw new NotACertificateFileError(file, 'a certificate in it is damaged', cause);
  }
}

/** As it was: forge keeps the signed part, but would write the algorithm that stands behind it in its own way. */
function certificateOf({ tbsCertificate: signed, signature }: forge.pki.Certificate): Asn1 {
  const { Class, Type, create } = asn1;
  const parts = typeof signed.value === 'string' ? [] : signed.value;
  const algorithm = parts.filter(({ type }) => type === Type.SEQUENCE).slice(0, 1);
  const bits = create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${String(signature)}`);
  return create(Class.UNIVERSAL, Type.SEQUENCE, true, [signed, ...algorithm, bits]);
}

function keyIn({ file }: CertificateSource, bag: forge.pkcs12.Bag): KeyObject {
  try {
    return toKey(bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1);
  } catch (cause) {
    throw new NotACertificateFileError(file, 'the private key in it is damaged or of an unknown kind', cause);
  }
}

function toKey(pkcs8: Asn1): KeyObject {
  return createPrivateKey({ key: toDer(pkcs8), format: 'der', type: 'pkcs8' });
}

function toDer(node: Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary');
}
