import { dirname } from 'node:path';
import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import type { Options } from '../options.ts';
import type { Secret } from '../secrets/secret.ts';
import { permissionWarning } from '../files/permissions.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import type { Log } from '../log/log.ts';
import { CertificatePasswordNeededError } from '../management-center/certificate/errors.ts';
import {
  type ClientCertificate,
  openCertificateFile,
} from '../management-center/certificate/client-certificate.ts';
import { findCertificateFile } from '../management-center/certificate/find.ts';

/**
 * Opens the certificate file of -pkcs12, or the one that lies in the current directory or beside the YAML.
 * Asks for its password on a terminal when one is needed and none was given.
 * @throws the errors of openCertificateFile and findCertificateFile
 */
export async function openClientCertificate(options: Options, log: Log): Promise<ClientCertificate> {
  const path = options.pkcs12 ?? (await findFile(options, log));
  const certificate = await openAsking(path, passwordOf(options, log));
  for (const warning of certificate.warnings) log.warning('certificate.warning', warning);
  log.debug('certificate.opened', `Certificate: ${certificate.subject}; issued by ${certificate.issuer}`);
  log.debug(
    'certificate.validity',
    `Certificate title: ${certificate.title ?? 'none'}; valid from ${certificate.validFrom.toISOString()} to ${certificate.validTo.toISOString()}`,
  );
  return certificate;
}

async function findFile(options: Options, log: Log): Promise<string> {
  const beside = dirname(options.plugininfo ?? 'InputPlugins/QualysGuard.yaml');
  const path = await findCertificateFile(['.', beside]);
  log.info('certificate.found', `Found ${path}`);
  return path;
}

function passwordOf({ password, passwordfile }: Options, log: Log): Secret | undefined {
  if (passwordfile === undefined) return password;
  const warning = permissionWarning(passwordfile);
  if (warning !== undefined) log.warning('secret.readable', warning);
  return readSecretFile(passwordfile, 'the password of the certificate file');
}

async function openAsking(path: string, password: Secret | undefined): Promise<ClientCertificate> {
  try {
    return await openCertificateFile(path, password);
  } catch (error) {
    if (!(error instanceof CertificatePasswordNeededError) || !canAskPassword()) throw error;
    return openCertificateFile(path, await askPassword(`Password of ${path}: `));
  }
}
