import { resolve } from 'node:path';
import type { Options } from './options.ts';
import { commandOptionsBlock } from './cli/command-options-block.ts';
import type { Progress } from './progress.ts';
import type { Destination } from './destination/destination.ts';
import { ExitCode } from './exit-code.ts';
import type { InputContext, InputPlugin, OpenInput, PreparedInput } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import { acquireRunLock } from './run-lock.ts';
import type { Log } from './log/log.ts';
import type { OpenLog } from './log/open-log.ts';
import { exitCodeOf, exitCodeOfTransfer, gravest, logFailure } from './outcome.ts';
import { summarise, writeSummary } from './summary/run-summary.ts';
import { summaryLines } from './summary/summary-lines.ts';
import { carryOut, newTransfer, type Transfer } from './transfer.ts';

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
  const started = new Date();
  const transfers: Transfer[] = [];
  let destination: Destination | undefined;
  let failure: unknown;
  const interruption = watchForInterruption(log, options.logfile !== undefined);
  try {
    for (const line of commandOptionsBlock(options)) log.debug('run.options', line);
    const inputs = await plugin.prepare(options, log);
    transfers.push(...inputs.map(newTransfer));
    const lock = await acquireRunLock(jobOf(options, inputs), options.wait, interruption.signal);
    try {
      destination = await openDestination(options, log, interruption.signal);
      const context = { log, progress, signal: interruption.signal, maximumLine: destination.maximumLine };
      await transferAll(inputs, transfers, destination, context, options.overlap);
    } finally {
      lock.release();
    }
  } catch (error) {
    failure = error;
    logFailure(log, error);
  }
  const result = { started, error: failure, destination: destination?.name, transfers };
  const exitCode = await conclude(options, plugin, log, result);
  interruption.stop();
  return exitCode;
}

/** What two runs must not do at the same time. */
function jobOf(options: Options, inputs: readonly PreparedInput[]): string {
  const { csvfile, server = '', port } = options;
  const destination = csvfile === undefined ? `${server}:${port}` : resolve(csvfile);
  const labels = inputs.map((input) => input.label).sort();
  return `${destination}, ${labels.join(', ')}`;
}

/** With -csvfile the file; else the Management Center, which is asked first whether it is ready. */
async function openDestination(options: Options, log: Log, signal: AbortSignal): Promise<Destination> {
  if (options.csvfile !== undefined) {
    const { csvFileDestination } = await import('./destination/csv-file.ts');
    return csvFileDestination(options.csvfile);
  }
  const { managementCenterDestination } = await import('./destination/management-center.ts');
  return managementCenterDestination(options, log, signal);
}

interface RunContext extends InputContext {
  readonly log: OpenLog;
}

/** One input after the other; with `overlap` the next one's report is generated while this one is sent. */
async function transferAll(
  inputs: readonly PreparedInput[],
  transfers: readonly Transfer[],
  destination: Destination,
  context: RunContext,
  overlap: boolean,
): Promise<void> {
  let ahead: Promise<OpenInput> | undefined;
  try {
    for (const [index, input] of inputs.entries()) {
      const transfer = transfers[index];
      if (!transfer) break;
      context.signal.throwIfAborted();
      const ours = contextFor(input, context);
      transfer.file = destination.file(input.template);
      const opening = ahead ?? input.open(ours);
      const next = inputs[index + 1];
      ahead = overlap && next ? openAfter(opening, next, contextFor(next, context)) : undefined;
      await carryOut(transfer, opening, destination.sink(input.template), ours);
      if (transfer.error !== undefined) logFailure(ours.log, transfer.error);
      if (context.signal.aborted && transfer.error === context.signal.reason) break;
    }
  } finally {
    // Interrupted: what was opened ahead is not read any more.
    await ahead?.then((open) => open.close()).catch(() => undefined);
  }
}

/** With several templates the log says which one a line is about. */
function contextFor(input: PreparedInput, context: RunContext): InputContext {
  return input.template ? { ...context, log: context.log.labelled(input.template) } : context;
}

function openAfter(
  current: Promise<unknown>,
  next: PreparedInput,
  context: InputContext,
): Promise<OpenInput> {
  const open = (): Promise<OpenInput> => next.open(context);
  const opening = current.then(open, open);
  // carryOut awaits it later; until then a failure is not "unhandled".
  opening.catch(() => undefined);
  return opening;
}

interface Unfinished {
  readonly started: Date;
  readonly error: unknown;
  readonly destination: string | undefined;
  readonly transfers: readonly Transfer[];
}

/** Tells what was done, in the log and in the summary file. */
async function conclude(
  options: Options,
  plugin: InputPlugin,
  log: Log,
  result: Unfinished,
): Promise<ExitCode> {
  const failed = result.error ?? result.transfers.find((transfer) => transfer.error !== undefined)?.error;
  const codes = result.transfers.map(exitCodeOfTransfer);
  let exitCode = gravest(result.error === undefined ? codes : [exitCodeOf(result.error)]);
  const summary = summarise({ ...result, error: failed, finished: new Date(), exitCode });
  for (const line of summaryLines(summary)) log.info('run.summary', line);
  if (options.summary !== undefined) {
    await writeSummary(options.summary, summary).catch((error: unknown) => {
      logFailure(log, error);
      exitCode = gravest([exitCode, exitCodeOf(error)]);
    });
  }
  // Last of all, each alone on its line: scripts and people look for it there.
  for (const { delivery } of result.transfers) {
    if (delivery.unsentFile !== undefined) log.error('delivery.unsent', delivery.unsentFile);
  }
  if (exitCode !== ExitCode.done) return exitCode;
  if (result.transfers.every(({ delivery }) => delivery.units === 0)) {
    log.info('run.empty', `No data to process for plugin ${plugin.name}`);
  }
  log.info('run.complete', 'Processing Complete', { seconds: summary.seconds });
  return exitCode;
}
