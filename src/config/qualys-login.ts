import { type ConfigKey, KEYS } from './keys.ts';
import { ClientSecretUnusableError, MissingKeyError } from './errors.ts';
import type { QualysConfig } from './read-qualys-config.ts';
import { permissionWarning } from '../files/permissions.ts';
import type { Words } from '../programs/words.ts';
import { askPassword, canAskPassword } from '../secrets/ask-password.ts';
import { secretByCommand } from '../secrets/secret-command.ts';
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
  /** That of the YAML. */
  readonly proxyPassword: Secret | undefined;
  /** Sentences about files with secrets that everybody on this host can read. */
  readonly warnings: readonly string[];
  /** What the programs said that gave secrets. */
  readonly remarks: readonly string[];
}

interface FoundSecret {
  readonly secret: Secret;
  readonly warnings?: readonly (string | undefined)[];
  readonly remark?: string | undefined;
}

/** Where a secret may stand. */
interface Places {
  readonly fromEnvironment: string | undefined;
  readonly written: Secret | undefined;
  readonly path: string | undefined;
  readonly words: Words | undefined;
  /** For messages. */
  readonly what: string;
  readonly question: string;
  readonly key: ConfigKey;
  readonly commandKey: ConfigKey;
}

/**
 * The login of the YAML: with `client_id` an OAuth client, else a user. Its secret is that of the environment, else the
 * YAML's own, its file's or its command's, else what is typed on the terminal. And the password of the proxy.
 * @throws MissingKeyError where there is none and nobody to ask; ClientSecretUnusableError; the errors of readSecretFile
 * and secretByCommand
 */
export async function qualysLogin(config: QualysConfig): Promise<FoundLogin> {
  const found = await findLogin(config);
  const proxy = await findProxyPassword(config);
  const ofYaml =
    config.password || config.clientSecret || config.proxyPassword
      ? permissionWarning(config.file)
      : undefined;
  return {
    login: found.login,
    proxyPassword: proxy?.secret,
    warnings: [ofYaml, ...(found.warnings ?? [])].filter((warning) => warning !== undefined),
    remarks: [found.remark, proxy?.remark].filter((remark) => remark !== undefined),
  };
}

async function findProxyPassword(config: QualysConfig): Promise<FoundSecret | undefined> {
  const { proxyPassword, proxyPasswordCommand: words } = config;
  if (words === undefined) return proxyPassword && { secret: proxyPassword };
  const key = KEYS.proxyPasswordCommand.name;
  return secretByCommand({ words, key, what: 'the password of the proxy' });
}

async function findLogin(
  config: QualysConfig,
): Promise<Omit<FoundSecret, 'secret'> & Pick<FoundLogin, 'login'>> {
  const { clientId, userId = '', clientLevel: level } = config;
  if (clientId === undefined) {
    const { secret, ...found } = await findSecret(config, {
      fromEnvironment: process.env.QUALYS_PASSWORD,
      written: config.password,
      path: config.passwordFile,
      words: config.passwordCommand,
      what: 'the password of your Qualys account',
      question: `Qualys password of ${userId}: `,
      key: KEYS.password,
      commandKey: KEYS.passwordCommand,
    });
    return { login: { kind: 'user', name: userId, secret }, ...found };
  }
  const { secret, ...found } = await findSecret(config, {
    fromEnvironment: process.env.QUALYS_CLIENT_SECRET,
    written: config.clientSecret,
    path: config.clientSecretFile,
    words: config.clientSecretCommand,
    what: 'the secret of your OAuth client',
    question: `Secret of the OAuth client ${clientId}: `,
    key: KEYS.clientSecret,
    commandKey: KEYS.clientSecretCommand,
  });
  // It travels in a header of its own.
  if (/\p{Cc}/u.test(secret.reveal())) throw new ClientSecretUnusableError();
  return { login: { kind: 'client', name: clientId, secret, level }, ...found };
}

async function findSecret(
  { file }: QualysConfig,
  { fromEnvironment, written, path, words, what, question, key, commandKey }: Places,
): Promise<FoundSecret> {
  if (fromEnvironment) return { secret: new Secret(fromEnvironment) };
  if (written) return { secret: written };
  if (path !== undefined) {
    return { secret: await readSecretFile(path, what), warnings: [permissionWarning(path)] };
  }
  if (words !== undefined) return secretByCommand({ words, key: commandKey.name, what });
  if (canAskPassword()) return { secret: await askPassword(question) };
  throw new MissingKeyError({ file }, key.name, key.allowed);
}
