import { DEFAULT_FILE } from '../src/config/default-file.ts';
import type { CommandFileCheck } from '../src/host-input/command-file-check.ts';
import { CommandFileRefusedError, InputFilenameRequiredError } from '../src/host-input/errors.ts';
import { ConnectorError } from '../src/connector-error.ts';
import { type Check, checkOf } from '../src/check.ts';
import type { InputContext, InputPlugin, OpenInput, Prepared, PluginOptions } from '../src/input-plugin.ts';
import { grouped } from '../src/text/grouped.ts';
import type { Log } from '../src/log/log.ts';

/** Sends a file of host input commands, as -csvfile writes it, after checking all of it. */
export const csv: InputPlugin = {
  name: 'csv',
  description: 'Sends a file of host input commands',
  info: 'The file is checked first; nothing is sent when a line of it is bad (-force: sent all the same).',
  parameters: [{ key: 'plugininfo', text: 'path of the file, e.g. one that -csvfile wrote' }],
  configFile: () => DEFAULT_FILE,
  prepare,
  checkLocally,
};

async function prepare(options: PluginOptions): Promise<Prepared> {
  const path = options.plugininfo;
  if (path === undefined || path === '') throw new InputFilenameRequiredError();
  const { CommandFile } = await import('../src/host-input/command-file.ts');
  // A wrong path is told before anything else is done.
  await (await CommandFile.open(path)).close();
  const { force } = options;
  return {
    inputs: [
      { label: `file ${path}`, template: undefined, open: (context) => openInput(path, force, context) },
    ],
    checks: (context) => checks(path, force, context),
    reads: {},
    warnings: [],
  };
}

async function* checkLocally(options: PluginOptions, context: InputContext): AsyncGenerator<Check> {
  let prepared: Prepared | undefined;
  const readable = await checkOf('Command file', async () => {
    prepared = await prepare(options);
    return '';
  });
  if (prepared) yield* prepared.checks(context);
  else yield readable;
}

async function* checks(path: string, force: boolean, context: InputContext): AsyncGenerator<Check> {
  const name = 'Command file';
  try {
    const input = await openInput(path, force, context);
    await input.close();
    const hosts = input.read().ofHosts() ?? 0;
    yield { name, ok: true, detail: `${path} (${hosts === 1 ? '1 host' : `${grouped(hosts)} hosts`})` };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    yield { name, ok: false, detail: error.message };
  }
}

/** @throws CommandFileRefusedError, and as CommandFile.open */
async function openInput(path: string, force: boolean, context: InputContext): Promise<OpenInput> {
  const [{ CommandFile }, { checkCommandFile }, { readCommands }] = await Promise.all([
    import('../src/host-input/command-file.ts'),
    import('../src/host-input/command-file-check.ts'),
    import('../src/host-input/command-file-parts.ts'),
  ]);
  const file = await CommandFile.open(path);
  try {
    const check = await checkCommandFile(file, context.maximumLine, context.signal);
    judge(path, check, force, context.log);
    return {
      read: () => ({
        commands: readCommands(file.pieces(), { signal: context.signal, tidy: !force }),
        ofHosts: () => check.tally.units,
        counts: undefined,
      }),
      incomparable: check.incomparable,
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function judge(path: string, check: CommandFileCheck, force: boolean, log: Log): void {
  const { problems, problemCount, tooLong, untidy, tally } = check;
  if (tooLong > 0 || (problemCount > 0 && !force)) {
    throw new CommandFileRefusedError(path, problems, problemCount, tooLong === 0);
  }
  for (const problem of problems) {
    log.warning('commands.bad', `${path}, ${problem}; sent all the same (-force)`);
  }
  if (problemCount > problems.length) {
    log.warning(
      'commands.bad',
      `${path}: ${grouped(problemCount - problems.length)} more bad lines, sent all the same`,
    );
  }
  if (untidy.length > 0) {
    const text = `${path} has ${untidy.join(', ')}: sent ${force ? 'as written (-force)' : 'without that'}`;
    log.warning('commands.untidy', text);
  }
  if (check.lacksSource) {
    log.warning('commands.source', `${path} has commands before its first SetSource: they have no source.`);
  }
  if (check.endsOpen) {
    log.warning(
      'commands.open',
      `${path} ends without ScanFlush or ScanUpdate: its last findings are merged with what is there.`,
    );
  }
  log.debug(
    'commands.checked',
    `${path}: ${grouped(tally.commands)} commands, ${grouped(tally.units)} hosts`,
  );
}
