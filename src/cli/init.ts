import { shellWord } from '../text/shell-word.ts';
import { access, chmod, copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { FileWriteError } from '../files/atomic-file.ts';

const failure = failures(ExitCode.failed);

/** The YAML that is shipped, every key at its default: the build's copy, since a release's own may be filled in. */
const SHIPPED = fileURLToPath(new URL('../../InputPlugins/QualysGuard.yaml', import.meta.url));

const WorkingDirectoryExistsError = failure('QC7401', (file: string) => [
  `${file} is there already.`,
  'It was left as it is; name another directory.',
]);

/**
 * Makes a directory to work in: InputPlugins/QualysGuard.yaml, for its owner alone.
 * @returns what to do next, with a crontab line that has the directory's absolute paths
 * @throws WorkingDirectoryExistsError, FileWriteError
 */
export async function makeWorkingDirectory(path: string): Promise<string> {
  const directory = resolve(path);
  const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
  if (await exists(yaml)) throw new WorkingDirectoryExistsError(yaml);
  try {
    makeDirectories(join(directory, 'InputPlugins'), 0o700);
    await copyFile(SHIPPED, yaml);
    await chmod(yaml, 0o600);
  } catch (error) {
    throw new FileWriteError('The working directory', directory, error);
  }
  return nextSteps(directory, yaml);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function nextSteps(directory: string, yaml: string): string {
  const program = shellWord(resolve(process.argv[1] ?? 'qualys_connector'));
  const command = [
    shellWord(process.execPath),
    program,
    '-server=10.10.10.10',
    `-pkcs12=${shellWord(join(directory, 'CertFile.pkcs12'))}`,
    `-plugininfo=${shellWord(yaml)}`,
    `-logfile=${shellWord(join(directory, 'connector.log'))}`,
  ].join(' ');
  return [
    `Made ${yaml}`,
    '',
    '1. Write user_id, password and template_id into it.',
    `2. Copy the Management Center's certificate file to ${join(directory, 'CertFile.pkcs12')}`,
    `   If it has a password: write that into ${join(directory, 'pkcs12-password')} (chmod 600) and add`,
    `   -passwordfile=${shellWord(join(directory, 'pkcs12-password'))} to the commands below.`,
    '3. Check that all is ready (nothing is imported):',
    '',
    `   cd ${shellWord(directory)} && qualys_connector -server=10.10.10.10 -test`,
    '',
    '4. Every night at 3, with `crontab -e`:',
    '',
    // In a crontab a bare % ends the command.
    `   0 3 * * * ${command.replaceAll('%', '\\%')}`,
    '',
  ].join('\n');
}
