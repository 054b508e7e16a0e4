import { ConnectorError, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

const failure = failures(ExitCode.failed);

/** Where users get a certificate file from; the last words of many of the sentences below. */
const MAKE_A_NEW_ONE =
  'create the client anew on the Management Center (System > Integration > Host Input Client) and download its ' +
  'certificate file';

abstract class CertificateFileError extends ConnectorError {
  constructor(code: ConnectorError['code'], whatHappened: string, whatToDo: string, options?: ErrorOptions) {
    super(code, ExitCode.failed, [whatHappened, whatToDo, options]);
  }
}

export class CertificateFileNotFoundError extends CertificateFileError {
  constructor(file: string) {
    super(
      'QC5001',
      `The certificate file '${file}' does not exist.`,
      'Download it from the Management Center (System > Integration > Host Input Client) and name it with -pkcs12=.',
    );
  }
}

export class CertificateFileUnreadableError extends CertificateFileError {
  constructor(file: string, reason: string, cause?: unknown) {
    super(
      'QC5002',
      `The certificate file '${file}' cannot be read: ${reason}.`,
      'Check the path and its permissions for the user that runs this.',
      { cause },
    );
  }
}

export class NotACertificateFileError extends CertificateFileError {
  /** @param reason continues the sentence "… is not a PKCS#12 or PEM file: " */
  constructor(file: string, reason: string, cause?: unknown) {
    super(
      'QC5003',
      `'${file}' is not a PKCS#12 or PEM file: ${reason}.`,
      'Download the certificate file again from the Management Center (System > Integration > Host Input Client), ' +
        'and copy it as a binary file.',
      { cause },
    );
  }
}

export class WrongCertificatePasswordError extends CertificateFileError {
  constructor(file: string) {
    super(
      'QC5004',
      `The password does not open the certificate file '${file}'.`,
      'It is the one that was typed when the client was created on the Management Center; ' +
        `when it is lost, ${MAKE_A_NEW_ONE}.`,
    );
  }
}

export class CertificatePasswordNeededError extends CertificateFileError {
  constructor(file: string) {
    super(
      'QC5005',
      `The certificate file '${file}' needs a password.`,
      'Give the one that was typed when the client was created on the Management Center, with -passwordfile=, ' +
        'PKCS12_PASSWORD or -password=.',
    );
  }
}

export class UnsupportedEncryptionError extends CertificateFileError {
  constructor(file: string, algorithm: string) {
    super(
      'QC5006',
      `The certificate file '${file}' uses ${algorithm}, which is not supported.`,
      `Convert it with: openssl pkcs12 -legacy -in ${shellWord(file)} -out ${shellWord(`${file}.pem`)} ` +
        '(without -legacy before OpenSSL 3), and name the new file with -pkcs12=.',
    );
  }
}

export class UnsupportedKeyEncryptionError extends CertificateFileError {
  constructor(file: string, algorithm: string) {
    super(
      'QC5007',
      `The private key in '${file}' uses ${algorithm}, which is not supported.`,
      'Convert it with: openssl pkey -provider legacy -provider default -aes256 ' +
        `-in ${shellWord(file)} -out key.pem, and put it into the file in place of the old one.`,
    );
  }
}

export class NoPrivateKeyError extends CertificateFileError {
  constructor(file: string) {
    super(
      'QC5008',
      `There is no private key in the certificate file '${file}'.`,
      `A certificate alone does not do: ${MAKE_A_NEW_ONE}.`,
    );
  }
}

export class NoCertificateError extends CertificateFileError {
  constructor(file: string) {
    super('QC5009', `There is no certificate in the certificate file '${file}'.`, sentence(MAKE_A_NEW_ONE));
  }
}

export class KeyDoesNotFitError extends CertificateFileError {
  constructor(file: string) {
    super(
      'QC5010',
      `The private key in '${file}' does not belong to any certificate in it.`,
      sentence(MAKE_A_NEW_ONE),
    );
  }
}

export class CertificateNotYetValidError extends CertificateFileError {
  constructor(file: string, subject: string, validFrom: Date) {
    super(
      'QC5011',
      `The certificate '${subject}' in '${file}' is valid only from ${validFrom.toISOString()}.`,
      "Check this host's clock, and the Management Center's.",
    );
  }
}

export class CertificateExpiredError extends CertificateFileError {
  constructor(file: string, subject: string, validTo: Date) {
    super(
      'QC5012',
      `The client certificate '${subject}' in '${file}' expired on ${day(validTo)}.`,
      sentence(MAKE_A_NEW_ONE),
    );
  }
}

export class AuthorityExpiredError extends CertificateFileError {
  constructor(file: string, subject: string, validTo: Date) {
    super(
      'QC5013',
      `The authority '${subject}' that issued the certificate in '${file}' expired on ${day(validTo)}.`,
      `Renew the Management Center's Internal CA; then ${MAKE_A_NEW_ONE}.`,
    );
  }
}

export class WeakCertificateError extends CertificateFileError {
  constructor(file: string, subject: string) {
    super(
      'QC5014',
      `The certificate '${subject}' in '${file}' is signed with SHA-1 or has a short key, and is refused as weak.`,
      `Best ${MAKE_A_NEW_ONE}; for an old defense center that makes no others, -legacytls allows it.`,
    );
  }
}

/** A day as YYYY-MM-DD, in UTC as certificates have it. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function shellWord(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export const NoCertificateFileFoundError = failure('QC5020', (directories: readonly string[]) => [
  `There is no certificate file (*.pkcs12, *.p12, *.pfx) in ${directories.join(' or ')}.`,
  'Download it from the Management Center (System > Integration > Host Input Client), and put it there or name ' +
    'it with -pkcs12=.',
]);

export const SeveralCertificateFilesError = failure('QC5021', (files: readonly string[]) => [
  `There are ${files.length} certificate files: ${files.map((file) => `'${file}'`).join(', ')}.`,
  'Name the right one with -pkcs12=.',
]);
