import { commandOptionsBlock } from './cli/command-options-block.ts';
import { conclude, type Result, transfersOf } from './conclude.ts';
import type { ExitCode } from './exit-code.ts';
import { type InputPlugin, pluginOptions, type PreparedInput } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import type { OpenLog } from './log/open-log.ts';
import type { Options } from './options.ts';
import { prepareOutputs } from './outputs.ts';
import { logFailure } from './outcome.ts';
import type { Look } from './page/look.ts';
import type { Progress } from './progress.ts';
import { makeReady, type Ready, serverRuns } from './receivers.ts';
import { serversOf } from './servers.ts';
import { type Transfer, transferAll } from './transfer.ts';

/**
 * One run, top to bottom: configuration, certificate file, the Management Center's answer, then for each input
 * its download and its delivery, then the summary. Never rejects.
 */
export async function run(
  options: Options,
  plugin: InputPlugin,
  log: OpenLog,
  progress: Progress,
): Promise<ExitCode> {
  const result: Result = {
    started: new Date(),
    servers: [],
    look: undefined,
    error: undefined,
  };
  const interruption = watchForInterruption(log, options.logfile !== undefined);
  const { signal } = interruption;
  try {
    await Promise.race([interruption.deadEnd, work(options, plugin, { log, progress, signal }, result)]);
  } catch (error) {
    result.error = error;
    logFailure(log, error);
  }
  const exitCode = await conclude(options, plugin, log, result);
  interruption.stop();
  return exitCode;
}

/** What all of a run has. */
interface RunContext {
  readonly log: OpenLog;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** From the configuration to the last delivery. @param result filled in as things become known */
async function work(
  options: Options,
  plugin: InputPlugin,
  context: RunContext,
  result: Result,
): Promise<void> {
  const { log, signal } = context;
  for (const line of commandOptionsBlock(options)) log.debug('run.options', line);
  const prepared = await plugin.prepare(pluginOptions(options));
  const { inputs } = prepared;
  for (const warning of prepared.warnings) log.warning('secret.readable', warning);
  for (const remark of prepared.remarks ?? []) log.warning('secret.command', remark);
  result.servers = serverRuns(serversOf(options, prepared.servers), inputs);
  await prepareOutputs(options, prepared, log);
  const ready = await makeReady(result.servers, {
    labels: inputs.map(({ label }) => label),
    source: {
      configFile: plugin.configFile(options),
      passwordCommand: prepared.certificatePassword,
      opened: new Map(),
    },
    started: result.started,
    wait: options.wait,
    signal,
    log,
  });
  try {
    if (ready.receivers.length > 0) await transferInputs(inputs, options, context, result, ready);
  } finally {
    ready.release();
  }
}

async function transferInputs(
  inputs: readonly PreparedInput[],
  options: Options,
  context: RunContext,
  result: Result,
  { receivers, maximumLine }: Ready,
): Promise<void> {
  const look = (result.look = await lookFor(options));
  const transfers = transfersOf(result);
  await transferAll(
    inputs,
    receivers,
    {
      ...context,
      maximumLine,
      detailed: look !== undefined || receivers.some(({ memory }) => memory),
      passes: look ? [(stream, transfer) => look.at(stream, sourceOf(transfer, transfers))] : [],
      onCompared: (transfer, hasGained) => look?.noteGained(sourceOf(transfer, transfers), hasGained),
    },
    { ...options, areMissing: receivers.length < result.servers.length },
  );
}

/** For what is to be seen on the page, if there is to be one. */
async function lookFor({ page }: Options): Promise<Look | undefined> {
  return page === undefined ? undefined : new (await import('./page/look.ts')).Look();
}

/** The place of the first transfer of the same input: several Management Centers get the same. */
function sourceOf({ label }: Transfer, transfers: readonly Transfer[]): number {
  return transfers.findIndex((transfer) => transfer.label === label);
}
