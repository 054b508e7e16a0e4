import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import type { Log } from '../log/log.ts';
import { KEYS } from './keys.ts';
import { MissingKeyError } from './errors.ts';
import type { QualysConfig } from './read-qualys-config.ts';
import { Secret } from '../secrets/secret.ts';
import { permissionWarning } from '../files/permissions.ts';
import { readSecretFile } from '../secrets/secret-file.ts';

/**
 * The password of the Qualys account: QUALYS_PASSWORD, else the YAML's `password`, else its `password_file`, else
 * what is typed on the terminal.
 * @throws MissingKeyError where there is none and nobody to ask; the errors of readSecretFile
 */
export async function qualysPassword(config: QualysConfig, log: Log): Promise<Secret> {
  const fromEnvironment = process.env.QUALYS_PASSWORD;
  if (fromEnvironment) return new Secret(fromEnvironment);
  if (config.password) return config.password;
  if (config.passwordFile !== undefined) {
    const warning = permissionWarning(config.passwordFile);
    if (warning !== undefined) log.warning('secret.readable', warning);
    return readSecretFile(config.passwordFile, 'the password of your Qualys account');
  }
  if (canAskPassword()) return askPassword(`Qualys password of ${config.userId ?? ''}: `);
  throw new MissingKeyError({ file: config.file }, 'password', KEYS.password.allowed);
}
