/** What of a configuration can be checked without the network, and without running what gives a secret. */
import { type Check, checkOf } from '../check.ts';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { tryFolder } from '../files/atomic-file.ts';
import { permissionWarning } from '../files/permissions.ts';
import { checkProgram } from '../programs/check-program.ts';
import { canAskPassword } from '../secrets/ask-password.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import { MissingKeyError } from './errors.ts';
import { COMMANDS, KEYS } from './keys.ts';
import type { QualysConfig } from './read-qualys-config.ts';

const failure = failures(ExitCode.failed);

const FolderUnusableError = failure('QC6322', (key: string, folder: string, problem: string) => [
  `The folder ${folder} of ${key} cannot be written to, ${problem}.`,
  'Make it, or name another one.',
]);

/** @param needsLogin whether the run is to log in at Qualys */
export async function* checkConfigLocally(config: QualysConfig, needsLogin: boolean): AsyncGenerator<Check> {
  if (needsLogin) yield await checkOf('secret', () => whereSecretIs(config));
  const { file, password, clientSecret, proxyPassword, reportDir } = config;
  const secretFile = config.passwordFile ?? config.clientSecretFile;
  const opened = [
    ...((password ?? clientSecret ?? proxyPassword) ? [file] : []),
    ...(secretFile ? [secretFile] : []),
  ];
  for (const path of opened) {
    const warning = permissionWarning(path);
    if (warning !== undefined) yield { name: 'permissions', ok: false, detail: warning };
  }
  // None of them is run.
  for (const name of COMMANDS) {
    const words = config[name];
    if (words) yield await checkOf(KEYS[name].name, () => checkProgram(KEYS[name].name, words));
  }
  if (reportDir === undefined) return;
  const { name } = KEYS.reportDir;
  yield await checkOf(name, async () => {
    const problem = await tryFolder(reportDir);
    if (problem !== undefined) throw new FolderUnusableError(name, reportDir, problem);
    return `${reportDir} can be written to`;
  });
}

/** @throws MissingKeyError, and as readSecretFile */
async function whereSecretIs(config: QualysConfig): Promise<string> {
  const client = config.clientId !== undefined;
  const variable = client ? 'QUALYS_CLIENT_SECRET' : 'QUALYS_PASSWORD';
  const key = client ? KEYS.clientSecret : KEYS.password;
  if (process.env[variable]) return `from ${variable}`;
  if (client ? config.clientSecret : config.password) return 'from the YAML';
  const path = client ? config.clientSecretFile : config.passwordFile;
  if (path !== undefined) {
    await readSecretFile(
      path,
      client ? 'the secret of your OAuth client' : 'the password of your Qualys account',
    );
    return `from ${path}`;
  }
  if (client ? config.clientSecretCommand : config.passwordCommand) return 'from a command';
  if (canAskPassword()) return 'asked for on the terminal, where there is one';
  throw new MissingKeyError(config, key.name, key.allowed);
}
