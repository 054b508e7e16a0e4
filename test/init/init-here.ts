import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { makeWorkingDirectory } from '../../src/init/working-directory.ts';
import { programPath } from '../support/connector.ts';

/**
 * What -init prints without a terminal, made in this process as if the command had been called by its path.
 * @throws ConnectorError
 */
export async function initHere(
  args: readonly string[],
  command: 'qualys_connector' | 'process-multiple' = 'qualys_connector',
): Promise<string> {
  const program = { name: command, multiple: command === 'process-multiple' };
  const line = readCommandLine(args, program, PLUGINS);
  if (line.kind !== 'init') throw new Error(`these words are no -init: ${args.join(' ')}`);
  const called = process.argv[1] ?? '';
  process.argv[1] = programPath(command);
  try {
    return await makeWorkingDirectory(line);
  } finally {
    process.argv[1] = called;
  }
}
