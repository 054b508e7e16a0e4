import { PLUGINS } from '../InputPlugins/index.ts';
import { type CommandLine, readCommandLine } from './cli/command-line.ts';
import { hideArguments } from './cli/hide-arguments.ts';
import type { Program } from './cli/usage.ts';
import { programName } from './cli/program-name.ts';
import { ConnectorError } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import type { InputPlugin } from './input-plugin.ts';
import type { Options } from './options.ts';
import { print } from './print.ts';
import { harmless } from './text/harmless.ts';

/**
 * What every command does: reads the command line and does what it asks for. What is heavy is loaded only when
 * there is work for it.
 * @param command its usual name, for when it was not called by a name of its own
 * @returns the exit code
 */
export async function main(command: {
  readonly name: string;
  readonly multiple: boolean;
}): Promise<ExitCode> {
  const argv = hideArguments();
  const program = { ...command, name: programName(process.argv[1], command.name) };
  try {
    return await obey(readCommandLine(argv, program, PLUGINS), program);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    process.stderr.write(`${harmless(error.message)}\n`);
    return error.exitCode;
  }
}

async function obey(line: CommandLine<InputPlugin>, program: Program): Promise<ExitCode> {
  switch (line.kind) {
    case 'print':
      if (line.unlessListed && (await listsServers(line.unlessListed))) {
        return runWithLog(line.unlessListed.options, line.unlessListed.plugin);
      }
      if (line.stream === 'stdout') await print(line.text);
      else process.stderr.write(line.text);
      return line.exitCode;
    case 'check': {
      const [{ checkLocally }, { openLog }] = await Promise.all([
        import('./local-checks.ts'),
        import('./log/open-log.ts'),
      ]);
      // What a file of commands has to be warned of goes beside the steps.
      const log = openLog({ ...line.options, logfile: undefined, syslog: false, stderr: true, ident: '' });
      return checkLocally(line, log, print);
    }
    case 'explain': {
      const { explainCode, explainName } = await import('./cli/explain.ts');
      await print(line.about === 'code' ? explainCode(line.word) : explainName(line.word));
      return ExitCode.done;
    }
    case 'schema': {
      const { configSchema } = await import('./config/schema.ts');
      await print(configSchema());
      return ExitCode.done;
    }
    case 'init': {
      const [{ init }, { completionScript }] = await Promise.all([
        import('./init/init.ts'),
        import('./cli/completion.ts'),
      ]);
      const { text, test } = await init(line, (shell) => completionScript(shell, PLUGINS));
      if (test) return obey(readCommandLine(test, { ...program, multiple: false }, PLUGINS), program);
      await print(text);
      return ExitCode.done;
    }
    case 'run':
      return runWithLog(line.options, line.plugin);
  }
}

async function listsServers(run: {
  readonly options: Options;
  readonly plugin: InputPlugin;
}): Promise<boolean> {
  const { options, plugin } = run;
  if (!plugin.servers) return false;
  const { pluginOptions } = await import('./input-plugin.ts');
  return (await plugin.servers(pluginOptions(options))) !== undefined;
}

async function runWithLog(options: Options, plugin: InputPlugin): Promise<ExitCode> {
  const [{ openLog }, { terminalProgress }, { refuseOutputsThatAreRead }, { holdPartialFiles }] =
    await Promise.all([
      import('./log/open-log.ts'),
      import('./cli/progress-bar.ts'),
      import('./outputs.ts'),
      import('./files/leftovers.ts'),
    ]);
  await refuseOutputsThatAreRead(options, plugin);
  await holdPartialFiles();
  const progress = terminalProgress(process.stderr);
  const log = openLog({
    ...options,
    ident: plugin.name,
    around: (write) => {
      progress.around(write);
    },
  });
  try {
    if (options.list !== undefined) {
      const { printList } = await import('./list.ts');
      return await printList(options, plugin, log, print);
    }
    if (options.test) {
      const { testReadiness } = await import('./readiness.ts');
      return await testReadiness(options, plugin, log, print);
    }
    const { run } = await import('./run.ts');
    return await run(options, plugin, log, progress);
  } finally {
    await log.close();
  }
}
