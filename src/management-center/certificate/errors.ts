import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { systemReason } from '../../files/system-reason.ts';
import { shellWord } from '../../text/shell-word.ts';

const failure = failures(ExitCode.failed);

const THERE = 'the Management Center (System > Integration > Host Input Client)';

/** What helps where a certificate file cannot be mended; the last words of many of the sentences below. */
const MAKE_A_NEW_ONE = `create the client anew on ${THERE} and download its certificate file`;

export const CertificateFileNotFoundError = failure('QC5001', (file: string) => [
  `The certificate file '${file}' does not exist.`,
  `Download it from ${THERE} and name it with -pkcs12=.`,
]);

export const CertificateFileUnreadableError = failure('QC5002', (file: string, cause: unknown) => [
  `The certificate file '${file}' cannot be read: ${systemReason(cause)}.`,
  'Check the path and its permissions for the user that runs this.',
  { cause },
]);

/** @param reason continues the sentence "… is not a PKCS#12 or PEM file: " */
export const NotACertificateFileError = failure('QC5003', (file: string, reason: string, cause?: unknown) => [
  `'${file}' is not a PKCS#12 or PEM file: ${reason}.`,
  `Download the certificate file again from ${THERE}, and copy it as a binary file.`,
  { cause },
]);

export const WrongCertificatePasswordError = failure('QC5004', (file: string) => [
  `The password does not open the certificate file '${file}'.`,
  'It is the one that was typed when the client was created on the Management Center; ' +
    `when it is lost, ${MAKE_A_NEW_ONE}.`,
]);

export const CertificatePasswordNeededError = failure('QC5005', (file: string) => [
  `The certificate file '${file}' needs a password.`,
  'Give the one that was typed when the client was created on the Management Center, with -passwordfile=, ' +
    'PKCS12_PASSWORD or -password=.',
]);

/** @param what e.g. the name of an algorithm */
export const UnsupportedEncryptionError = failure('QC5006', (file: string, what: string) => [
  `The certificate file '${file}' uses ${what}, which is not supported.`,
  `Convert it with: openssl pkcs12 -legacy -in ${shellWord(file)} -out ${shellWord(`${file}.pem`)} ` +
    '(without -legacy before OpenSSL 3), and name the new file with -pkcs12=.',
]);

/** @param what e.g. the name of an algorithm */
export const UnsupportedKeyEncryptionError = failure('QC5007', (file: string, what: string) => [
  `The private key in '${file}' uses ${what}, which is not supported.`,
  'Convert it with: openssl pkey -provider legacy -provider default -aes256 ' +
    `-in ${shellWord(file)} -out key.pem, and put it into the file in place of the old one.`,
]);

export const NoPrivateKeyError = failure('QC5008', (file: string) => [
  `There is no private key in the certificate file '${file}'.`,
  `A certificate alone does not do: ${MAKE_A_NEW_ONE}.`,
]);

export const NoCertificateError = failure('QC5009', (file: string) => [
  `There is no certificate in the certificate file '${file}'.`,
  sentence(MAKE_A_NEW_ONE),
]);

export const KeyDoesNotFitError = failure('QC5010', (file: string) => [
  `The private key in '${file}' does not belong to any certificate in it.`,
  sentence(MAKE_A_NEW_ONE),
]);

export const CertificateNotYetValidError = failure('QC5011', (file: string, subject: string, from: Date) => [
  `The certificate '${subject}' in '${file}' is valid only from ${from.toISOString()}.`,
  "Check this host's clock, and the Management Center's.",
]);

export const CertificateExpiredError = failure('QC5012', (file: string, subject: string, end: Date) => [
  `The client certificate '${subject}' in '${file}' expired on ${day(end)}.`,
  sentence(MAKE_A_NEW_ONE),
]);

export const AuthorityExpiredError = failure('QC5013', (file: string, subject: string, end: Date) => [
  `The authority '${subject}' that issued the certificate in '${file}' expired on ${day(end)}.`,
  `Renew the Management Center's Internal CA; then ${MAKE_A_NEW_ONE}.`,
]);

export const WeakCertificateError = failure('QC5014', (file: string, subject: string) => [
  `The certificate '${subject}' in '${file}' is signed with SHA-1 or has a short key, and is refused as weak.`,
  `Best ${MAKE_A_NEW_ONE}; for an old defense center that makes no others, -legacytls allows it.`,
]);

export const NoCertificateFileFoundError = failure('QC5020', (directories: readonly string[]) => [
  `There is no certificate file (*.pkcs12, *.p12, *.pfx) in ${[...new Set(directories)].map(named).join(' or ')}.`,
  `Download it from ${THERE}, and put it there or name it with -pkcs12=.`,
]);

function named(directory: string): string {
  return directory === '.' ? 'the current directory' : `'${directory}'`;
}

export const SeveralCertificateFilesError = failure('QC5021', (files: readonly string[]) => [
  `There are ${files.length} certificate files: ${files.map((file) => `'${file}'`).join(', ')}.`,
  'Name the right one with -pkcs12=.',
]);

/** A day as YYYY-MM-DD, in UTC as certificates have it. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
