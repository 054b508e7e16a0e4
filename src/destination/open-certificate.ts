import { dirname } from 'node:path';
import { permissionWarning } from '../files/permissions.ts';
import {
  type ClientCertificate,
  openCertificateFile,
} from '../management-center/certificate/client-certificate.ts';
import { CertificatePasswordNeededError } from '../management-center/certificate/errors.ts';
import { findCertificateFile } from '../management-center/certificate/find.ts';
import type { Options } from '../options.ts';
import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import type { Secret } from '../secrets/secret.ts';

export interface OpenedCertificate {
  /** With its own warnings. */
  readonly certificate: ClientCertificate;
  /** Sentences about the file of -passwordfile, when everybody on this host can read it. */
  readonly warnings: readonly string[];
}

/**
 * Opens the certificate file of -pkcs12, or the one that lies in the current directory or beside the YAML.
 * Asks for its password on a terminal when one is needed and none was given.
 * @param configFile the YAML
 * @throws the errors of openCertificateFile, findCertificateFile and readSecretFile
 */
export async function openClientCertificate(
  options: Options,
  configFile: string,
): Promise<OpenedCertificate> {
  const { password, passwordfile } = options;
  const path = options.pkcs12 ?? (await findCertificateFile(['.', dirname(configFile)]));
  const warning = passwordfile === undefined ? undefined : permissionWarning(passwordfile);
  const secret =
    passwordfile === undefined
      ? password
      : await readSecretFile(passwordfile, 'the password of the certificate file');
  return { certificate: await openAsking(path, secret), warnings: warning === undefined ? [] : [warning] };
}

async function openAsking(path: string, password: Secret | undefined): Promise<ClientCertificate> {
  try {
    return await openCertificateFile(path, password);
  } catch (error) {
    if (!(error instanceof CertificatePasswordNeededError) || !canAskPassword()) throw error;
    return openCertificateFile(path, await askPassword(`Password of ${path}: `));
  }
}
