import { createHash, createHmac, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

const { asn1, pki } = forge;
const { Class, Type } = asn1;
type Asn1 = forge.asn1.Asn1;

/** Of the appliance's (observed). */
const ITERATIONS = 2048;

/** What goes into the file, all PEM. */
export interface Pkcs12Content {
  readonly certificate: string;
  readonly key: string;
  /** The Internal CA; absent to leave it out. */
  readonly authority?: string;
}

/**
 * Writes a PKCS#12 as the appliance does (observed): both certificates under 40-bit RC2, the key under triple DES,
 * a SHA-1 MAC whose iteration count is left out, and no friendly names.
 * @param password '' for a client that was registered without one
 * @param iterations fewer are as quickly read as they are guessed: for passwords that everybody knows
 */
export function writeLegacyPkcs12(content: Pkcs12Content, password: string, iterations = ITERATIONS): Buffer {
  const keyId = createHash('sha1').update(new X509Certificate(content.certificate).raw).digest();
  const certificates = [bag('certBag', certificateBag(content.certificate), keyId)];
  if (content.authority) certificates.push(bag('certBag', certificateBag(content.authority)));
  const key = bag('pkcs8ShroudedKeyBag', shroudedKey(content.key, password, iterations), keyId);
  const safe = der(
    sequence(
      encryptedContent(der(sequence(...certificates)), password, iterations),
      plainContent(der(sequence(key))),
    ),
  );
  return Buffer.from(der(sequence(integer(3), plainContent(safe), mac(safe, password))), 'binary');
}

function certificateBag(pem: string): Asn1 {
  const raw = new X509Certificate(pem).raw.toString('binary');
  return sequence(oid('x509Certificate'), tagged(octets(raw)));
}

function shroudedKey(pem: string, password: string, count: number): Asn1 {
  const key = pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(pki.privateKeyFromPem(pem)));
  return pki.encryptPrivateKeyInfo(key, password, { algorithm: '3des', count, saltSize: 8 });
}

function bag(kind: string, value: Asn1, keyId?: Buffer): Asn1 {
  if (!keyId) return sequence(oid(kind), tagged(value));
  const localKeyId = sequence(oid('localKeyId'), set(octets(keyId.toString('binary'))));
  return sequence(oid(kind), tagged(value), set(localKeyId));
}

function plainContent(data: string): Asn1 {
  return sequence(oid('data'), tagged(octets(data)));
}

function encryptedContent(data: string, password: string, iterations: number): Asn1 {
  const salt = forge.random.getBytesSync(8);
  const algorithm = sequence(oid('pbewithSHAAnd40BitRC2-CBC'), sequence(octets(salt), integer(iterations)));
  // The content is tagged [0] IMPLICIT: the bytes stand in the tag itself, without an OCTET STRING around them.
  const encrypted = asn1.create(
    Class.CONTEXT_SPECIFIC,
    Type.NONE,
    false,
    encryptRc2(data, password, salt, iterations),
  );
  const content = sequence(integer(0), sequence(oid('data'), algorithm, encrypted));
  return sequence(oid('encryptedData'), tagged(content));
}

function encryptRc2(data: string, password: string, salt: string, iterations: number): string {
  const derived = (id: 1 | 2, bytes: number) =>
    forge.pkcs12.generateKey(password, forge.util.createBuffer(salt), id, iterations, bytes);
  const cipher = forge.rc2.createEncryptionCipher(derived(1, 5), 40);
  cipher.start(derived(2, 8));
  cipher.update(forge.util.createBuffer(data));
  cipher.finish();
  return cipher.output.getBytes();
}

function mac(safe: string, password: string): Asn1 {
  const salt = forge.random.getBytesSync(8);
  const key = forge.pkcs12.generateKey(password, forge.util.createBuffer(salt), 3, 1, 20);
  const digest = createHmac('sha1', Buffer.from(key.getBytes(), 'binary'))
    .update(Buffer.from(safe, 'binary'))
    .digest('binary');
  const algorithm = sequence(oid('sha1'), asn1.create(Class.UNIVERSAL, Type.NULL, false, ''));
  return sequence(sequence(algorithm, octets(digest)), octets(salt));
}

function der(node: Asn1): string {
  return asn1.toDer(node).getBytes();
}

function sequence(...values: Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
}

function set(...values: Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SET, true, values);
}

function tagged(value: Asn1): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, true, [value]);
}

function octets(bytes: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
}

function integer(value: number): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

function oid(name: string): Asn1 {
  const dotted = pki.oids[name];
  if (!dotted) throw new Error(`forge knows no OID for ${name}`);
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes());
}
