import type { X509Certificate } from 'node:crypto';
import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { distinguishedName } from '../certificate/distinguished-name.ts';
import type { Target } from './target.ts';

export class BadFingerprintError extends ConnectorError {
  constructor(text: string, isSha1: boolean) {
    super(
      'QC5030',
      ExitCode.usageOrUnreachable,
      `'${text}' is not a SHA-256 fingerprint${isSha1 ? ' but a SHA-1 one' : ''}.`,
      'Give 64 hexadecimal digits, with or without colons, with -fingerprint=.',
    );
  }
}

export class ContradictingTrustError extends ConnectorError {
  constructor() {
    super(
      'QC5031',
      ExitCode.usageOrUnreachable,
      '-fingerprint and -insecure contradict each other.',
      'Leave one of them out.',
    );
  }
}

export class NoServerCertificateError extends ConnectorError {
  constructor({ server, port }: Target) {
    super(
      'QC5032',
      ExitCode.usageOrUnreachable,
      `Can not Connect to Server: '${server}' on port '${port}': it showed no certificate.`,
      'Check that this is the Management Center; nothing was sent.',
    );
  }
}

export class FingerprintMismatchError extends ConnectorError {
  constructor({ server, port }: Target, met: X509Certificate) {
    super(
      'QC5033',
      ExitCode.usageOrUnreachable,
      `Can not Connect to Server: '${server}' on port '${port}': its certificate is not the one that ` +
        `-fingerprint names. ${describe(met)}.`,
      "Nothing was sent. If the Management Center's certificate was renewed, compare the new fingerprint there " +
        'and give it; otherwise something else answers in its place.',
    );
  }
}

export class UntrustedServerError extends ConnectorError {
  /** @param reason continues the sentence "its certificate is not trusted: " */
  constructor({ server, port }: Target, met: X509Certificate, reason: string) {
    super(
      'QC5034',
      ExitCode.usageOrUnreachable,
      `Can not Connect to Server: '${server}' on port '${port}': its certificate is not trusted: ${reason}. ` +
        `${describe(met)}.`,
      'Nothing was sent. If this is the Management Center, check that the certificate file comes from it, or ' +
        'compare the fingerprint there and give it with -fingerprint=; otherwise something else answers in its place.',
    );
  }
}

function describe(met: X509Certificate): string {
  return (
    `Met: subject '${distinguishedName(met.subject)}', issuer '${distinguishedName(met.issuer)}', ` +
    `SHA-256 fingerprint ${met.fingerprint256}`
  );
}
