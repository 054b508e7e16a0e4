import {
  type Asn1,
  children,
  integer,
  MalformedAsn1Error,
  octets,
  oid,
  parse,
  toDer,
} from './pkcs12-asn1.ts';
import { decrypt, UnknownAlgorithmError, verifyMac, WrongPasswordError } from './pkcs12-decryption.ts';
import { type PasswordForm, passwordForms } from './pkcs12-password.ts';

/** What a PKCS#12 holds, in the file's order, DER: X.509 certificates and PKCS#8 keys. */
export interface Pkcs12Content {
  readonly certificates: readonly Buffer[];
  readonly keys: readonly Buffer[];
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

/**
 * Opens a PKCS#12 (RFC 7292).
 *
 * forge's own reader uses one form of the password for everything, so it opens no AES file with a password beyond
 * ASCII; Node's `pfx` opens no RC2 and never hands out what is inside. Hence the container is read here, and the
 * cryptography is theirs.
 *
 * @param password '' when there is none
 * @throws WrongPasswordError, UnknownAlgorithmError, MalformedAsn1Error
 */
export function readPkcs12(file: Buffer, password: string): Pkcs12Content {
  const [version, content, mac] = children(parse(file));
  if (integer(version) !== 3) throw new MalformedAsn1Error('its structure is another');
  const [kind, safe] = contentInfo(content);
  if (kind !== DATA) throw new UnknownAlgorithmError('a signature in place of a password');
  for (const form of passwordForms(password)) {
    if (mac && verifyMac(mac, octets(safe), form) === false) continue;
    try {
      return sortBags(children(parse(octets(safe))).flatMap((info) => readContent(info, form)));
    } catch (error) {
      if (!(error instanceof WrongPasswordError)) throw error;
    }
  }
  throw new WrongPasswordError('no form of the password opens it');
}

/** Decrypts an EncryptedPrivateKeyInfo (RFC 5958) to the PKCS#8 within; throws as `readPkcs12`. */
export function decryptKey(encrypted: Buffer, password: string): Buffer {
  const [algorithm, data] = children(parse(encrypted));
  for (const form of passwordForms(password)) {
    try {
      return checkedKey(decrypt(algorithm, octets(data), form));
    } catch (error) {
      if (!(error instanceof WrongPasswordError)) throw error;
    }
  }
  throw new WrongPasswordError('no form of the password opens it');
}

interface Bag {
  readonly kind: 'certificate' | 'key';
  readonly der: Buffer;
}

function sortBags(bags: readonly Bag[]): Pkcs12Content {
  const ofKind = (kind: Bag['kind']) => bags.filter((bag) => bag.kind === kind).map((bag) => bag.der);
  return { certificates: ofKind('certificate'), keys: ofKind('key') };
}

/** A ContentInfo's type and what its [0] holds. */
function contentInfo(info: Asn1 | undefined): [kind: string, content: Asn1 | undefined] {
  const [kind, tagged] = children(info);
  return [oid(kind), children(tagged)[0]];
}

function readContent(info: Asn1, password: PasswordForm): Bag[] {
  const [kind, content] = contentInfo(info);
  if (kind === DATA) return readBags(parse(octets(content)), password);
  if (kind !== ENCRYPTED_DATA) throw new UnknownAlgorithmError('encryption to a public key');
  const [, encrypted] = children(content);
  const [, algorithm, data] = children(encrypted);
  return readBags(parseDecrypted(decrypt(algorithm, octets(data), password)), password);
}

function readBags(bags: Asn1, password: PasswordForm): Bag[] {
  return children(bags).flatMap((bag) => {
    const [kind, tagged] = children(bag);
    const [value] = children(tagged);
    return BAG_READERS[oid(kind)]?.(value, password) ?? [];
  });
}

type BagReader = (value: Asn1 | undefined, password: PasswordForm) => Bag[];

/** Bags of other kinds (revocation lists, secrets) are no concern of a TLS client. */
const BAG_READERS: Readonly<Record<string, BagReader>> = {
  '1.2.840.113549.1.12.10.1.1': (value) => [{ kind: 'key', der: toDer(value) }],
  '1.2.840.113549.1.12.10.1.2': (value, password) => {
    const [algorithm, data] = children(value);
    return [{ kind: 'key', der: checkedKey(decrypt(algorithm, octets(data), password)) }];
  },
  '1.2.840.113549.1.12.10.1.3': (value) => {
    const [kind, tagged] = children(value);
    if (oid(kind) !== X509_CERTIFICATE) return [];
    return [{ kind: 'certificate', der: octets(children(tagged)[0]) }];
  },
  '1.2.840.113549.1.12.10.1.6': (value, password) => (value ? readBags(value, password) : []),
};

function checkedKey(der: Buffer): Buffer {
  parseDecrypted(der);
  return der;
}

/** Where a MAC is missing, garbage is the only sign of a wrong password. */
function parseDecrypted(bytes: Buffer): Asn1 {
  try {
    const parsed = parse(bytes);
    children(parsed);
    return parsed;
  } catch (cause) {
    throw new WrongPasswordError('what was decrypted makes no sense', { cause });
  }
}
