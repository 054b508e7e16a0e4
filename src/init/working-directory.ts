import { shellWord } from '../text/shell-word.ts';
import { access, chmod, copyFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDirectories } from '../files/make-directories.ts';
import { FileWriteError } from '../files/atomic-file.ts';
import { commandPaths, crontabLine, nightlyOptions, shellCommand } from './commands.ts';
import { WorkingDirectoryExistsError } from './errors.ts';

/** What is shipped, every key at its default: the build's copies, since a release's own may be filled in. */
export const SHIPPED = fileURLToPath(new URL('../../InputPlugins/', import.meta.url));
/** It is named in the first line of the YAML. */
export const SCHEMA = 'QualysGuard.schema.json';

/** Of the command line. */
interface Given {
  readonly directory: string;
  readonly server: string | undefined;
  readonly pkcs12: string | undefined;
}

/**
 * Makes a directory to work in: InputPlugins/QualysGuard.yaml, for its owner alone, and its schema for editors.
 * @returns what to do next, with a crontab line that has the directory's absolute paths
 * @throws WorkingDirectoryExistsError, FileWriteError
 */
export async function makeWorkingDirectory({ directory: path, ...given }: Given): Promise<string> {
  const directory = resolve(path);
  const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
  if (await exists(yaml)) throw new WorkingDirectoryExistsError(yaml);
  try {
    makeDirectories(join(directory, 'InputPlugins'), 0o700);
    await copyFile(join(SHIPPED, basename(yaml)), yaml);
    await copyFile(join(SHIPPED, SCHEMA), join(dirname(yaml), SCHEMA));
    await chmod(yaml, 0o600);
  } catch (error) {
    throw new FileWriteError('The working directory', directory, error);
  }
  return nextSteps(directory, yaml, given);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function nextSteps(directory: string, yaml: string, { server, pkcs12 }: Omit<Given, 'directory'>): string {
  const [single, multiple] = commandPaths();
  const certificate = pkcs12 === undefined ? join(directory, 'CertFile.pkcs12') : resolve(pkcs12);
  const to = `-server=${server ?? '10.10.10.10'}`;
  const files = [`-pkcs12=${certificate}`, `-plugininfo=${yaml}`];
  const nightly = (...words: readonly string[]): string =>
    `   ${crontabLine([process.execPath, ...words, to, ...files, ...nightlyOptions(directory, true)])}`;
  return [
    `Made ${yaml}`,
    '',
    '1. Write user_id, password and template_id into it.',
    `2. Copy the Management Center's certificate file to ${certificate}`,
    `   If it has a password: write that into ${join(directory, 'pkcs12-password')} (chmod 600) and add`,
    `   -passwordfile=${shellWord(join(directory, 'pkcs12-password'))} to the commands below.`,
    '3. Check that all is ready (nothing is imported):',
    '',
    `   ${shellCommand([single, to, ...files, '-test'])}`,
    '',
    '4. Every night at 3, with `crontab -e`:',
    '',
    nightly(single),
    '',
    '   or, for several templates:',
    '',
    nightly(multiple, '424242,535353'),
    '',
  ].join('\n');
}
