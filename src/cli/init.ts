import { shellWord } from '../text/shell-word.ts';
import { realpathSync } from 'node:fs';
import { access, chmod, copyFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { FileWriteError } from '../files/atomic-file.ts';

const failure = failures(ExitCode.failed);

/** What is shipped, every key at its default: the build's copies, since a release's own may be filled in. */
const SHIPPED = fileURLToPath(new URL('../../InputPlugins/', import.meta.url));
/** It is named in the first line of the YAML. */
const SCHEMA = 'QualysGuard.schema.json';

const WorkingDirectoryExistsError = failure('QC7401', (file: string) => [
  `${file} is there already.`,
  'It was left as it is; name another directory.',
]);

/** Of the command line. */
interface Given {
  readonly directory: string;
  readonly server: string | undefined;
  readonly pkcs12: string | undefined;
}

/** Both commands, under each pair of names that lie side by side. */
const COMMAND_PAIRS: readonly (readonly [string, string])[] = [
  ['qualys_connector', 'process_multiple'],
  ['qualys-connector', 'process-multiple'],
  ['qualys_connector.pl', 'process_multiple.pl'],
  ['qualys_connector.js', 'process-multiple.js'],
];

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
  const [single, multiple] = commandsBeside(calledPath(process.argv[1] ?? 'qualys_connector'));
  const certificate = pkcs12 === undefined ? join(directory, 'CertFile.pkcs12') : resolve(pkcs12);
  const to = `-server=${shellWord(server ?? '10.10.10.10')}`;
  const files = [
    `-pkcs12=${shellWord(certificate)}`,
    `-plugininfo=${shellWord(yaml)}`,
    `-logfile=${shellWord(join(directory, 'connector.log'))}`,
    `-state=${shellWord(join(directory, 'state'))}`,
    '-changed',
    `-page=${shellWord(join(directory, 'last-night.html'))}`,
  ];
  const nightly = (...words: readonly string[]): string =>
    // In a crontab a bare % ends the command.
    `   0 3 * * * ${[shellWord(process.execPath), ...words, to, ...files].join(' ').replaceAll('%', '\\%')}`;
  return [
    `Made ${yaml}`,
    '',
    '1. Write user_id, password and template_id into it.',
    `2. Copy the Management Center's certificate file to ${certificate}`,
    `   If it has a password: write that into ${join(directory, 'pkcs12-password')} (chmod 600) and add`,
    `   -passwordfile=${shellWord(join(directory, 'pkcs12-password'))} to the commands below.`,
    '3. Check that all is ready (nothing is imported):',
    '',
    `   ${[shellWord(single), to, ...files.slice(0, 2), '-test'].join(' ')}`,
    '',
    '4. Every night at 3, with `crontab -e`:',
    '',
    nightly(shellWord(single)),
    '',
    '   or, for several templates:',
    '',
    nightly(shellWord(multiple), '424242,535353'),
    '',
  ].join('\n');
}

/**
 * A path that stays. What lies in npx's cache is a link that somebody removes one day: there the file behind it, which is
 * in the clone.
 * @param called as it was called
 */
function calledPath(called: string): string {
  const path = resolve(called);
  return path.includes('/_npx/') ? realpathSync(path) : path;
}

/** The paths of both commands, of which one was called. */
function commandsBeside(called: string): readonly [string, string] {
  const name = basename(called);
  const [single, multiple] = COMMAND_PAIRS.find((pair) => pair.includes(name)) ?? [name, 'process_multiple'];
  return [join(dirname(called), single), join(dirname(called), multiple)];
}
