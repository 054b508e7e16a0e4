import type { KeyObject, X509Certificate } from 'node:crypto';

/** What was found in a certificate file, in its order, before it is known what belongs together. */
export interface FileParts {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** A certificate file's name, bytes and password on their way through its reading. */
export interface CertificateSource {
  readonly file: string;
  readonly bytes: Buffer;
  /** '' when none was given. */
  readonly password: string;
}
