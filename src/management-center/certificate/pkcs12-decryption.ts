import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import forge from 'node-forge';
import { type Asn1, children, integer, MalformedAsn1Error, octets, oid } from './pkcs12-asn1.ts';
import type { PasswordForm } from './pkcs12-password.ts';

/** The password did not decrypt what it should. */
export class WrongPasswordError extends Error {}

/** The file needs an algorithm that neither forge nor Node's OpenSSL offers; `algorithm` is its name. */
export class UnknownAlgorithmError extends Error {
  readonly algorithm: string;

  constructor(algorithm: string) {
    super(`unknown algorithm ${algorithm}`);
    this.algorithm = algorithm;
  }
}

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** More rounds than any writer uses; a hostile file could ask for hours of work. */
const MOST_ROUNDS = 5_000_000;

/**
 * Decrypts with a password-based algorithm.
 * @param algorithm its AlgorithmIdentifier (RFC 7292 appendix C, RFC 8018)
 * @throws WrongPasswordError, UnknownAlgorithmError, MalformedAsn1Error
 */
export function decrypt(algorithm: Asn1 | undefined, encrypted: Buffer, password: PasswordForm): Buffer {
  const [name, parameters] = children(algorithm);
  const decipher =
    oid(name) === PBES2 ? pbes2(parameters, password) : pkcs12Pbe(oid(name), parameters, password);
  return decipher(encrypted);
}

type Decipher = (encrypted: Buffer) => Buffer;

const PBES2_CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
};

const PBKDF2_DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

function pbes2(parameters: Asn1 | undefined, password: PasswordForm): Decipher {
  const [derivation, scheme] = children(parameters).map(children);
  if (oid(derivation?.[0]) !== PBKDF2) throw new UnknownAlgorithmError(nameOf(oid(derivation?.[0])));
  const [cipher, keyBytes] = known(PBES2_CIPHERS, oid(scheme?.[0]));
  const [salt, rounds, ...rest] = children(derivation?.[1]);
  // Key length (a number) and digest (a structure) may both be left out; the digest is SHA-1 then.
  const prf = rest.find((node) => Array.isArray(node.value));
  const digest = prf ? known(PBKDF2_DIGESTS, oid(children(prf)[0])) : 'sha1';
  const key = pbkdf2Sync(password.bytes, octets(salt), roundsIn(rounds), keyBytes, digest);
  return byNode(cipher, key, octets(scheme?.[1]));
}

/** forge for RC2, which Node's OpenSSL refuses; Node for the rest. */
const PKCS12_PBE: Readonly<Record<string, readonly [keyBytes: number, make: CipherMaker]>> = {
  '1.2.840.113549.1.12.1.3': [24, (key, iv) => byNode('des-ede3-cbc', key, iv)],
  '1.2.840.113549.1.12.1.4': [16, (key, iv) => byNode('des-ede-cbc', key, iv)],
  '1.2.840.113549.1.12.1.5': [16, (key, iv) => rc2(key, iv, 128)],
  '1.2.840.113549.1.12.1.6': [5, (key, iv) => rc2(key, iv, 40)],
};

type CipherMaker = (key: Buffer, iv: Buffer) => Decipher;

function pkcs12Pbe(algorithm: string, parameters: Asn1 | undefined, password: PasswordForm): Decipher {
  const [keyBytes, make] = known(PKCS12_PBE, algorithm);
  const [salt, rounds] = children(parameters);
  const derived = (id: 1 | 2, bytes: number) =>
    deriveKey(password, octets(salt), id, roundsIn(rounds), bytes, 'sha1');
  return make(derived(1, keyBytes), derived(2, 8));
}

function byNode(cipher: string, key: Buffer, iv: Buffer): Decipher {
  return (encrypted) => {
    try {
      const decipher = createDecipheriv(cipher, key, iv);
      return Buffer.concat([decipher.update(encrypted), decipher.final()]);
    } catch (cause) {
      throw new WrongPasswordError('bad padding', { cause });
    }
  };
}

function rc2(key: Buffer, iv: Buffer, bits: number): Decipher {
  return (encrypted) => {
    const cipher = forge.rc2.createDecryptionCipher(forgeBuffer(key), bits);
    cipher.start(forgeBuffer(iv));
    cipher.update(forgeBuffer(encrypted));
    if (!cipher.finish()) throw new WrongPasswordError('bad padding');
    return Buffer.from(cipher.output.getBytes(), 'binary');
  };
}

const MAC_DIGESTS: Readonly<Record<string, MacDigest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

type MacDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * Checks the MAC over `content`. The appliance leaves the number of rounds out, which means one.
 * @param mac the MacData structure
 * @returns undefined when the MAC is of a kind not known here: such a file is taken as one without a MAC
 */
export function verifyMac(mac: Asn1, content: Buffer, password: PasswordForm): boolean | undefined {
  const [info, salt, rounds] = children(mac);
  const [algorithm, expected] = children(info);
  const digest = MAC_DIGESTS[oid(children(algorithm)[0])];
  if (!digest) return undefined;
  const bytes = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
  const key = deriveKey(password, octets(salt), 3, rounds ? roundsIn(rounds) : 1, bytes, digest);
  const actual = createHmac(digest, key).update(content).digest();
  return octets(expected).length === bytes && timingSafeEqual(actual, octets(expected));
}

function deriveKey(
  password: PasswordForm,
  salt: Buffer,
  id: 1 | 2 | 3,
  rounds: number,
  bytes: number,
  digest: MacDigest,
): Buffer {
  const hash = {
    sha1: forge.md.sha1,
    sha256: forge.md.sha256,
    sha384: forge.md.sha384,
    sha512: forge.md.sha512,
  };
  const key = forge.pkcs12.generateKey(
    password.characters,
    forgeBuffer(salt),
    id,
    rounds,
    bytes,
    hash[digest].create(),
  );
  return Buffer.from(key.getBytes(), 'binary');
}

function forgeBuffer(bytes: Buffer): forge.util.ByteStringBuffer {
  return forge.util.createBuffer(bytes.toString('binary'));
}

function roundsIn(node: Asn1 | undefined): number {
  const rounds = integer(node);
  if (rounds < 1 || rounds > MOST_ROUNDS)
    throw new MalformedAsn1Error(`it asks for ${rounds} rounds of key derivation`);
  return rounds;
}

function known<T>(table: Readonly<Record<string, T>>, algorithm: string): T {
  const entry = table[algorithm];
  if (entry === undefined) throw new UnknownAlgorithmError(nameOf(algorithm));
  return entry;
}

/** Names that forge's own table lacks or writes otherwise than openssl does. */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'PBE-SHA1-RC4-128',
  '1.2.840.113549.1.12.1.2': 'PBE-SHA1-RC4-40',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.5.10': 'PBE-SHA1-DES',
  '1.2.840.113549.3.2': 'RC2-CBC',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
};

function nameOf(algorithm: string): string {
  return NAMES[algorithm] ?? forge.pki.oids[algorithm] ?? `the algorithm ${algorithm}`;
}
