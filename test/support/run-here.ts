import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { ConnectorError } from '../../src/connector-error.ts';
import { holdPartialFiles } from '../../src/files/leftovers.ts';
import { openLog } from '../../src/log/open-log.ts';
import { noProgress } from '../../src/progress.ts';
import { testReadiness } from '../../src/readiness.ts';
import { run } from '../../src/run.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import type { ConnectorOptions, Ended } from './connector.ts';
import type { Owner } from './temporary-directory.ts';
import { withEnvironment } from './with-environment.ts';

// What this machine's owner trusts besides is no part of a test; each run would read it.
Reflect.deleteProperty(process.env, 'NODE_EXTRA_CA_CERTS');

/**
 * A run as the command makes it of these words, but in this process and in `directory`, which saves the start of
 * another; what it prints and logs stands for its standard
 * output.
 */
export async function runHere(
  t: Owner,
  directory: string,
  args: readonly string[],
  {
    command = 'qualys_connector',
    env = {},
  }: Pick<ConnectorOptions, 'command'> & { readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Ended> {
  withEnvironment(t, { PKCS12_PASSWORD: STAGE.pkcs12Password, ...env });
  await holdPartialFiles();
  const logfile = join(directory, 'run.log');
  const before = process.cwd();
  process.chdir(directory);
  try {
    const program = { name: command, multiple: command === 'process-multiple' };
    const read = readCommandLine(args, program, PLUGINS);
    const line =
      read.kind === 'print' && read.unlessListed ? { kind: 'run' as const, ...read.unlessListed } : read;
    if (line.kind !== 'run') throw new Error(`these words make no run: ${args.join(' ')}`);
    const log = openLog({ ...line.options, logfile, ident: line.plugin.name });
    let printed = '';
    const print = (text: string): Promise<void> => Promise.resolve(void (printed += text));
    const code = line.options.test
      ? await testReadiness(line.options, line.plugin, log, print)
      : await run(line.options, line.plugin, log, noProgress);
    await log.close();
    const stdout = printed + (await readFile(logfile, 'utf8'));
    await rm(logfile);
    return { code, signal: null, stdout, stderr: '', output: stdout };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const stderr = `${error.message}\n`;
    return { code: error.exitCode, signal: null, stdout: '', stderr, output: stderr };
  } finally {
    process.chdir(before);
  }
}
