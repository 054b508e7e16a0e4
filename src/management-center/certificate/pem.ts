import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { errorCode } from '../../files/system-reason.ts';
import type { CertificateSource, FileParts } from './chain.ts';
import {
  CertificatePasswordNeededError,
  NotACertificateFileError,
  UnsupportedKeyEncryptionError,
  WrongCertificatePasswordError,
} from './errors.ts';

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;

export function looksLikePem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ');
}

/**
 * Reads certificates and keys out of PEM text; what stands between the blocks is passed over, other blocks too.
 * The key may be encrypted, as PKCS#8 or in OpenSSL's older form.
 */
export async function readPem(source: CertificateSource): Promise<FileParts> {
  const certificates: X509Certificate[] = [];
  const keys: KeyObject[] = [];
  for (const { label, block } of blocksOf(source)) {
    if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(label)) certificates.push(readCertificate(source, block));
    if (label.endsWith('PRIVATE KEY')) keys.push(await readKey(source, block));
  }
  return { certificates, keys };
}

function* blocksOf({ file, bytes }: CertificateSource): Generator<{ label: string; block: string }> {
  const text = bytes.toString('utf8');
  for (const { 1: label = '', index } of text.matchAll(BEGIN)) {
    const end = `-----END ${label}-----`;
    const endsAt = text.indexOf(end, index);
    if (endsAt < 0) throw new NotACertificateFileError(file, 'it is cut off');
    yield { label, block: text.slice(index, endsAt + end.length) };
  }
}

function readCertificate({ file }: CertificateSource, block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw new NotACertificateFileError(file, 'a certificate in it is damaged', cause);
  }
}

async function readKey(source: CertificateSource, block: string): Promise<KeyObject> {
  const { file, password } = source;
  if (!block.includes('ENCRYPTED')) return readPlainKey(source, block);
  if (password === '') throw new CertificatePasswordNeededError(file);
  const algorithm = /^DEK-Info: ([\w-]+)/m.exec(block)?.[1];
  if (algorithm === undefined) {
    const { readEncryptedKey } = await import('./pkcs12.ts');
    return readEncryptedKey(source, block);
  }
  try {
    return createPrivateKey({ key: block, format: 'pem', passphrase: password });
  } catch (error) {
    if (errorCode(error) === 'ERR_OSSL_EVP_UNSUPPORTED') {
      throw new UnsupportedKeyEncryptionError(file, algorithm);
    }
    throw new WrongCertificatePasswordError(file);
  }
}

function readPlainKey({ file }: CertificateSource, block: string): KeyObject {
  try {
    return createPrivateKey(block);
  } catch (cause) {
    throw new NotACertificateFileError(file, 'the private key in it is damaged', cause);
  }
}
