import { commandOptionsBlock } from './cli/command-options-block.ts';
import { ExitCode } from './exit-code.ts';
import { SharedFileError } from './files/shared-files.ts';
import { NOTHING, plus, type Tally } from './host-input/command-stream.ts';
import { type InputPlugin, pluginOptions, type PreparedInput } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import type { BadEnd } from './notice.ts';
import type { OpenLog } from './log/open-log.ts';
import type { Options } from './options.ts';
import { prepareOutputs } from './outputs.ts';
import { exitCodeOf, failureText, gravest, logFailure } from './outcome.ts';
import type { Look } from './page/look.ts';
import type { Progress } from './progress.ts';
import { makeReady, type Ready, type ServerRun, serverRuns } from './receivers.ts';
import { writersOf } from './results.ts';
import { serversOf } from './servers.ts';
import { type RunSummary, summarise } from './summary/run-summary.ts';
import { summaryLines } from './summary/summary-lines.ts';
import { exitCodeOfTransfer, type Transfer, transferAll } from './transfer.ts';

/** What is known of a run so far. */
interface Result {
  readonly started: Date;
  /** One for each Management Center, or for the CSV files. */
  servers: readonly ServerRun[];
  /** With -page. */
  look: Look | undefined;
  /** What ended it, but for what ended single transfers. */
  error: unknown;
}

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

/** In the order of work: each input to each server. */
function transfersOf({ servers }: Pick<Result, 'servers'>): Transfer[] {
  const [first] = servers;
  return (first?.transfers ?? []).flatMap((_, input) =>
    servers.flatMap(({ transfers }) => transfers[input] ?? []),
  );
}

/** Tells what was done, in the log and in the summary file. */
async function conclude(
  options: Options,
  plugin: InputPlugin,
  log: OpenLog,
  result: Result,
): Promise<ExitCode> {
  const { servers, look } = result;
  const transfers = transfersOf(result);
  const failures: Failure[] = [
    { error: result.error, server: undefined },
    ...transfers.map(({ error, server }) => ({ error, server })),
  ].filter(({ error }) => error !== undefined);
  let exitCode = gravest(
    result.error === undefined ? transfers.map(exitCodeOfTransfer) : [exitCodeOf(result.error)],
  );
  const finished = new Date();
  const summary = (): RunSummary =>
    summarise({
      ...result,
      destinations: servers.map(({ server, destination, transfers }) => ({
        name: destination?.name ?? server.name,
        isReady: destination !== undefined,
        transfers,
      })),
      transfers,
      error: result.error ?? gravestOf(failures),
      finished,
      exitCode,
    });
  for (const { level, text, fields } of summaryLines(summary())) log[level]('run.summary', text, fields);
  // What would destroy what is read is not written.
  for (const write of result.error instanceof SharedFileError ? [] : writersOf(options, log)) {
    const measured = servers.map(({ server: { name }, destination, transfers }) => ({
      server: name,
      validity: destination?.validity,
      exitCodes: transfers.map(exitCodeOfTransfer),
    }));
    await write({ summary: summary(), servers: measured, look }).catch((error: unknown) => {
      // Tried before the work too.
      if (failures.some((told) => failureText(told.error) === failureText(error))) return;
      failures.push({ error, server: undefined });
      logFailure(log, error);
      exitCode = gravest([exitCode, exitCodeOf(error)]);
    });
  }
  for (const text of new Set(failures.map(textOf))) log.aside(text);
  // Last of all: scripts and people look for it there.
  for (const [file, server] of new Map(
    transfers.map(({ delivery, server }) => [delivery.unsentFile, server]),
  )) {
    if (file === undefined) continue;
    const told = server === undefined ? log : log.labelled(undefined, server);
    told.error('delivery.unsent', `What is not delivered was kept in ${file} [QC5507]`, { file });
  }
  if (exitCode !== ExitCode.done) {
    const concerns = transfers.flatMap((transfer) => transfer.concerns);
    await tellOfFailure(
      options,
      plugin,
      { exitCode, error: result.error ?? gravestOf(failures), concerns },
      log,
    );
    return exitCode;
  }
  if (transfers.every(hadNothing)) {
    log.info('run.empty', `No data to process for plugin ${plugin.name}`);
  }
  log.info('run.complete', 'Processing Complete', { seconds: summary().seconds, ...totalsOf(transfers) });
  return exitCode;
}

interface Failure {
  readonly error: unknown;
  /** Where there are several: at which of them. */
  readonly server: string | undefined;
}

/** The first of the gravest. */
function gravestOf(failures: readonly Failure[]): unknown {
  const worst = gravest(failures.map(({ error }) => exitCodeOf(error)));
  return failures.find(({ error }) => exitCodeOf(error) === worst)?.error;
}

function textOf({ error, server }: Failure): string {
  return server === undefined ? failureText(error) : `${server}: ${failureText(error)}`;
}

/** Who pressed Ctrl-C knows. */
async function tellOfFailure(
  options: Options,
  plugin: InputPlugin,
  end: BadEnd,
  log: OpenLog,
): Promise<void> {
  if (end.exitCode === ExitCode.interrupted) return;
  const words = options.onfailure ?? (await plugin.command?.(options, 'notice'));
  if (words === undefined) return;
  const { giveNotice } = await import('./notice.ts');
  await giveNotice(words, end, options, log);
}

/** Nothing was sent, and not because nothing has changed. */
function hadNothing({ delivery, changes }: Transfer): boolean {
  return delivery.units === 0 && (changes?.hosts.unchanged ?? 0) === 0;
}

function totalsOf(transfers: readonly Transfer[]): Tally {
  return transfers.map(({ delivery }) => delivery).reduce(plus, NOTHING);
}
