import { commandOptionsBlock } from './cli/command-options-block.ts';
import type { Destination } from './destination/destination.ts';
import { openDestination } from './destination/open-destination.ts';
import { ExitCode } from './exit-code.ts';
import { SharedFileError } from './files/shared-files.ts';
import { NOTHING, plus, type Tally } from './host-input/command-stream.ts';
import { type InputPlugin, pluginOptions, type PreparedInput } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import type { BadEnd } from './notice.ts';
import type { OpenLog } from './log/open-log.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import type { Options } from './options.ts';
import { prepareOutputs } from './outputs.ts';
import { exitCodeOf, failureText, gravest, logFailure } from './outcome.ts';
import type { Look } from './page/look.ts';
import type { Progress } from './progress.ts';
import { writersOf } from './results.ts';
import { acquireRunLock, jobOf } from './run-lock.ts';
import { type RunSummary, summarise } from './summary/run-summary.ts';
import { summaryLines } from './summary/summary-lines.ts';
import { exitCodeOfTransfer, newTransfer, type Pass, type Transfer, transferAll } from './transfer.ts';

/** What is known of a run so far. */
interface Result {
  readonly started: Date;
  destination: Destination | undefined;
  transfers: readonly Transfer[];
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
    destination: undefined,
    transfers: [],
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
  result.transfers = inputs.map(newTransfer);
  await prepareOutputs(options, prepared, log);
  const labels = inputs.map(({ label }) => label);
  const waiting = { wait: options.wait, signal, log };
  const lock = await acquireRunLock(await jobOf(options, labels), waiting);
  try {
    const configFile = plugin.configFile(options);
    const source = { configFile, passwordCommand: prepared.certificatePassword };
    result.destination = await openDestination(options, source, log, signal);
    const memory = await openMemory(options, labels, result.started, waiting);
    try {
      await transferInputs(inputs, options, context, result, memory);
    } finally {
      memory?.release();
    }
  } finally {
    lock.release();
  }
}

async function transferInputs(
  inputs: readonly PreparedInput[],
  options: Options,
  context: RunContext,
  result: Result,
  opened: OpenedMemory | undefined,
): Promise<void> {
  const { destination, transfers } = result;
  if (!destination) return;
  const look = (result.look = await lookFor(options));
  await transferAll(
    inputs,
    [{ destination, transfers, memory: opened?.memory, domain: undefined }],
    {
      ...context,
      maximumLine: opened?.longestLine ?? destination.maximumLine,
      detailed: look !== undefined || opened !== undefined,
      passes: look ? [lookingAt(look, transfers)] : [],
      onCompared: (transfer, hasGained) => look?.noteGained(transfers.indexOf(transfer), hasGained),
    },
    options,
  );
}

/** For what is to be seen on the page, if there is to be one. */
async function lookFor({ page }: Options): Promise<Look | undefined> {
  return page === undefined ? undefined : new (await import('./page/look.ts')).Look();
}

function lookingAt(look: Look, transfers: readonly Transfer[]): Pass {
  return (stream, transfer) => look.at(stream, transfers.indexOf(transfer));
}

/** Tells what was done, in the log and in the summary file. */
async function conclude(
  options: Options,
  plugin: InputPlugin,
  log: OpenLog,
  { transfers, ...result }: Result,
): Promise<ExitCode> {
  const failures: unknown[] = [result.error, ...transfers.map(({ error }) => error)].filter(
    (error) => error !== undefined,
  );
  let exitCode = gravest(
    result.error === undefined ? transfers.map(exitCodeOfTransfer) : [exitCodeOf(result.error)],
  );
  const finished = new Date();
  const summary = (): RunSummary =>
    summarise({
      ...result,
      destination: result.destination?.name,
      transfers,
      error: failures[0],
      finished,
      exitCode,
    });
  for (const { level, text, fields } of summaryLines(summary())) log[level]('run.summary', text, fields);
  // What would destroy what is read is not written.
  for (const write of result.error instanceof SharedFileError ? [] : writersOf(options, log)) {
    const exitCodes = transfers.map(exitCodeOfTransfer);
    const { destination, look } = result;
    await write({ summary: summary(), exitCodes, destination, look }).catch((error: unknown) => {
      // Tried before the work too.
      if (failures.some((told) => failureText(told) === failureText(error))) return;
      failures.push(error);
      logFailure(log, error);
      exitCode = gravest([exitCode, exitCodeOf(error)]);
    });
  }
  for (const text of new Set(failures.map(failureText))) log.aside(text);
  // Last of all: scripts and people look for it there.
  for (const file of new Set(transfers.map(({ delivery }) => delivery.unsentFile))) {
    if (file !== undefined) {
      log.error('delivery.unsent', `What is not delivered was kept in ${file} [QC5507]`, { file });
    }
  }
  if (exitCode !== ExitCode.done) {
    const concerns = transfers.flatMap((transfer) => transfer.concerns);
    await tellOfFailure(options, plugin, { exitCode, error: failures[0], concerns }, log);
    return exitCode;
  }
  if (transfers.every(hadNothing)) {
    log.info('run.empty', `No data to process for plugin ${plugin.name}`);
  }
  log.info('run.complete', 'Processing Complete', { seconds: summary().seconds, ...totalsOf(transfers) });
  return exitCode;
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
