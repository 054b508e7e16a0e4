import { type ConfigKey, KEYS } from './keys.ts';
import { ClientSecretUnusableError, MissingKeyError } from './errors.ts';
import type { QualysConfig } from './read-qualys-config.ts';
import { permissionWarning } from '../files/permissions.ts';
import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import { Secret } from '../secrets/secret.ts';

/** How the program logs in at Qualys: as a user, or as an OAuth client, which gets a token. */
export type QualysLogin =
  | { readonly kind: 'user'; readonly name: string; readonly secret: Secret }
  | {
      readonly kind: 'client';
      readonly name: string;
      readonly secret: Secret;
      /** Whose client it is: tokens come from different paths. */
      readonly level: 'user' | 'subscription';
    };

export interface FoundLogin {
  readonly login: QualysLogin;
  /** Sentences about files with secrets that everybody on this host can read. */
  readonly warnings: readonly string[];
}

/** Where a secret may stand. */
interface Places {
  readonly fromEnvironment: string | undefined;
  readonly written: Secret | undefined;
  readonly path: string | undefined;
  /** For messages. */
  readonly what: string;
  readonly question: string;
  readonly key: ConfigKey;
}

/**
 * The login of the YAML: with `client_id` an OAuth client, else a user. Its secret is that of the environment, else the
 * YAML's own, else its file's, else what is typed on the terminal.
 * @throws MissingKeyError where there is none and nobody to ask; ClientSecretUnusableError; the errors of readSecretFile
 */
export async function qualysLogin(config: QualysConfig): Promise<FoundLogin> {
  const { clientId, userId = '', clientLevel: level } = config;
  if (clientId === undefined) {
    const { secret, warnings } = await findSecret(config, {
      fromEnvironment: process.env.QUALYS_PASSWORD,
      written: config.password,
      path: config.passwordFile,
      what: 'the password of your Qualys account',
      question: `Qualys password of ${userId}: `,
      key: KEYS.password,
    });
    return { login: { kind: 'user', name: userId, secret }, warnings };
  }
  const { secret, warnings } = await findSecret(config, {
    fromEnvironment: process.env.QUALYS_CLIENT_SECRET,
    written: config.clientSecret,
    path: config.clientSecretFile,
    what: 'the secret of your OAuth client',
    question: `Secret of the OAuth client ${clientId}: `,
    key: KEYS.clientSecret,
  });
  // It travels in a header of its own.
  if (/\p{Cc}/u.test(secret.reveal())) throw new ClientSecretUnusableError();
  return { login: { kind: 'client', name: clientId, secret, level }, warnings };
}

async function findSecret(
  { file, proxyPassword }: QualysConfig,
  { fromEnvironment, written, path, what, question, key }: Places,
): Promise<{ secret: Secret; warnings: readonly string[] }> {
  const ofYaml = written || proxyPassword ? permissionWarning(file) : undefined;
  const warnings = ofYaml === undefined ? [] : [ofYaml];
  if (fromEnvironment) return { secret: new Secret(fromEnvironment), warnings };
  if (written) return { secret: written, warnings };
  if (path !== undefined) {
    const ofFile = permissionWarning(path);
    if (ofFile !== undefined) warnings.push(ofFile);
    return { secret: await readSecretFile(path, what), warnings };
  }
  if (canAskPassword()) return { secret: await askPassword(question), warnings };
  throw new MissingKeyError({ file }, key.name, key.allowed);
}
