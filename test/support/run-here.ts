import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { openLog } from '../../src/log/open-log.ts';
import { noProgress } from '../../src/progress.ts';
import { run } from '../../src/run.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import type { Ended } from './connector.ts';
import { withEnvironment } from './with-environment.ts';

/** A run as the command makes it of these words, but in this process and in `directory`; its log stands for its output. */
export async function runHere(
  t: TestContext,
  directory: string,
  args: readonly string[],
): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  withEnvironment(t, { PKCS12_PASSWORD: STAGE.pkcs12Password });
  const line = readCommandLine(args, { name: 'qualys_connector', multiple: false }, PLUGINS);
  if (line.kind !== 'run') throw new Error(`these words make no run: ${args.join(' ')}`);
  const plugin = PLUGINS.find(({ name }) => name === line.options.plugin);
  if (plugin === undefined) throw new Error(`there is no plugin ${line.options.plugin}`);
  const logfile = join(directory, 'run.log');
  const log = openLog({ ...line.options, logfile, ident: plugin.name });
  const before = process.cwd();
  process.chdir(directory);
  try {
    const code = await run(line.options, plugin, log, noProgress);
    await log.close();
    return { code, stdout: await readFile(logfile, 'utf8'), stderr: '' };
  } finally {
    process.chdir(before);
  }
}
