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
import type { SecretCommand } from '../secrets/secret-command.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import type { Secret } from '../secrets/secret.ts';

/** Where the certificate file is looked for, and what gives its password, beside what the options say. */
export interface CertificateSource {
  /** The YAML, beside which a certificate file may lie. */
  readonly configFile: string;
  readonly passwordCommand?: SecretCommand | undefined;
  /** What was opened already, by what names it: for several servers nobody is asked twice. */
  readonly opened?: Map<string, OpenedCertificate>;
}

export interface OpenedCertificate {
  /** With its own warnings. */
  readonly certificate: ClientCertificate;
  /** Sentences about the file of -passwordfile, when everybody on this host can read it. */
  readonly warnings: readonly string[];
  /** What the program said that gave the password; undefined: nothing. */
  readonly remark: string | undefined;
}

/**
 * Opens the certificate file of -pkcs12, or the one that lies in the current directory or beside the YAML.
 * Asks for its password on a terminal when one is needed and none was given.
 * @throws the errors of openCertificateFile, findCertificateFile, readSecretFile and secretByCommand
 */
export async function openClientCertificate(
  options: Options,
  source: CertificateSource,
): Promise<OpenedCertificate> {
  const key = JSON.stringify([options.pkcs12, options.passwordfile]);
  const opened = source.opened?.get(key) ?? (await openCertificate(options, source));
  source.opened?.set(key, opened);
  return opened;
}

async function openCertificate(
  options: Options,
  { configFile, passwordCommand }: CertificateSource,
): Promise<OpenedCertificate> {
  const path = options.pkcs12 ?? (await findCertificateFile(['.', dirname(configFile)]));
  const { secret, warnings = [], remark } = await givenPassword(options, passwordCommand);
  return { certificate: await openAsking(path, secret), warnings, remark };
}

interface GivenPassword {
  readonly secret?: Secret | undefined;
  readonly warnings?: readonly string[];
  readonly remark?: string | undefined;
}

/** What the command line or the environment says outweighs the YAML's command. */
async function givenPassword(
  { password, passwordfile }: Options,
  command: SecretCommand | undefined,
): Promise<GivenPassword> {
  if (passwordfile !== undefined) {
    const warning = permissionWarning(passwordfile);
    const secret = await readSecretFile(passwordfile, 'the password of the certificate file');
    return { secret, warnings: warning === undefined ? [] : [warning] };
  }
  if (password !== undefined || command === undefined) return { secret: password };
  const { secretByCommand } = await import('../secrets/secret-command.ts');
  return secretByCommand(command);
}

async function openAsking(path: string, password: Secret | undefined): Promise<ClientCertificate> {
  try {
    return await openCertificateFile(path, password);
  } catch (error) {
    if (!(error instanceof CertificatePasswordNeededError) || !canAskPassword()) throw error;
    return openCertificateFile(path, await askPassword(`Password of ${path}: `));
  }
}
