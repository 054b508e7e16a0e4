import { KEYS } from './keys.ts';
import { MissingKeyError } from './errors.ts';
import type { QualysConfig } from './read-qualys-config.ts';
import { permissionWarning } from '../files/permissions.ts';
import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import { Secret } from '../secrets/secret.ts';

export interface FoundPassword {
  readonly password: Secret;
  /** Sentences about files with secrets that everybody on this host can read. */
  readonly warnings: readonly string[];
}

/**
 * The password of the Qualys account: QUALYS_PASSWORD, else the YAML's `password`, else its `password_file`, else
 * what is typed on the terminal.
 * @throws MissingKeyError where there is none and nobody to ask; the errors of readSecretFile
 */
export async function qualysPassword(config: QualysConfig): Promise<FoundPassword> {
  const { file, password, passwordFile, proxyPassword, userId = '' } = config;
  const ofYaml = password || proxyPassword ? permissionWarning(file) : undefined;
  const warnings = ofYaml === undefined ? [] : [ofYaml];
  const fromEnvironment = process.env.QUALYS_PASSWORD;
  if (fromEnvironment) return { password: new Secret(fromEnvironment), warnings };
  if (password) return { password, warnings };
  if (passwordFile !== undefined) {
    const ofFile = permissionWarning(passwordFile);
    if (ofFile !== undefined) warnings.push(ofFile);
    return { password: await readSecretFile(passwordFile, 'the password of your Qualys account'), warnings };
  }
  if (canAskPassword()) return { password: await askPassword(`Qualys password of ${userId}: `), warnings };
  throw new MissingKeyError({ file }, KEYS.password.name, KEYS.password.allowed);
}
