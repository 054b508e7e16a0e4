import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateSource, FileParts } from './chain.ts';
import {
  CertificatePasswordNeededError,
  NotACertificateFileError,
  UnsupportedEncryptionError,
  WrongCertificatePasswordError,
} from './errors.ts';
import { type Pkcs12Content, readPkcs12 } from './pkcs12.ts';
import { MalformedAsn1Error } from './pkcs12-asn1.ts';
import { UnknownAlgorithmError, WrongPasswordError } from './pkcs12-decryption.ts';

/** Reads certificates and keys out of a PKCS#12; every failure becomes the sentence that users read. */
export function readPkcs12Parts(source: CertificateSource): FileParts {
  const content = open(source);
  return {
    certificates: content.certificates.map((der) => readCertificate(source, der)),
    keys: content.keys.map((der) => readKey(source, der)),
  };
}

function open(source: CertificateSource): Pkcs12Content {
  const { file, bytes, password } = source;
  try {
    return readPkcs12(bytes, password);
  } catch (error) {
    if (error instanceof WrongPasswordError) {
      throw password === ''
        ? new CertificatePasswordNeededError(file)
        : new WrongCertificatePasswordError(file);
    }
    if (error instanceof UnknownAlgorithmError) throw new UnsupportedEncryptionError(file, error.algorithm);
    if (error instanceof MalformedAsn1Error)
      throw new NotACertificateFileError(file, reason(bytes, error), error);
    throw error;
  }
}

function reason(bytes: Buffer, error: MalformedAsn1Error): string {
  if (/^\s*<(!doctype|html|\?xml)/i.test(bytes.toString('latin1', 0, 200))) return 'it is a web page';
  return error.message;
}

function readCertificate({ file }: CertificateSource, der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new NotACertificateFileError(file, 'a certificate in it is damaged', cause);
  }
}

function readKey({ file }: CertificateSource, der: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new NotACertificateFileError(file, 'the private key in it is damaged or of an unknown kind', cause);
  }
}
