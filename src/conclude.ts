/** The end of a run: what became of it, told wherever that was asked for. */
import { ExitCode } from './exit-code.ts';
import { SharedFileError } from './files/shared-files.ts';
import { NOTHING, plus, type Tally } from './host-input/command-stream.ts';
import { type InputPlugin, pluginOptions } from './input-plugin.ts';
import type { OpenLog } from './log/open-log.ts';
import type { ListedServer } from './management-center/connection/server-list.ts';
import type { BadEnd } from './notice.ts';
import type { Options } from './options.ts';
import { exitCodeOf, failureText, gravest, logFailure } from './outcome.ts';
import type { Look } from './page/look.ts';
import type { ServerRun } from './receivers.ts';
import { writersOf } from './results.ts';
import { type DestinationResult, type RunSummary, summarise } from './summary/run-summary.ts';
import { summaryLines } from './summary/summary-lines.ts';
import { exitCodeOfTransfer, type Transfer } from './transfer.ts';

/** What is known of a run so far. */
export interface Result {
  readonly started: Date;
  /** One for each Management Center, or for the CSV files. */
  servers: readonly ServerRun[];
  /** With -page. */
  look: Look | undefined;
  /** What ended it, but for what ended single transfers. */
  error: unknown;
}

/** In the order of work: each input to each server. */
export function transfersOf({ servers }: Pick<Result, 'servers'>): Transfer[] {
  const [first] = servers;
  return (first?.transfers ?? []).flatMap((_, input) =>
    servers.flatMap(({ transfers }) => transfers[input] ?? []),
  );
}

/** Tells what was done: in the log and its summary, to each file that was asked for, on standard error, and by on_failure. */
export async function conclude(
  options: Options,
  plugin: InputPlugin,
  log: OpenLog,
  result: Result,
): Promise<ExitCode> {
  const transfers = transfersOf(result);
  const failures: Failure[] = [
    { error: result.error, server: undefined },
    ...transfers.map(({ error, server }) => ({ error, server })),
  ].filter(({ error }) => error !== undefined);
  const ended = gravest(
    result.error === undefined ? transfers.map(exitCodeOfTransfer) : [exitCodeOf(result.error)],
  );
  const finished = new Date();
  const summaryOf = (exitCode: ExitCode): RunSummary =>
    summarise({
      ...result,
      destinations: result.servers.map(destinationOf),
      transfers,
      error: result.error ?? gravestOf(failures),
      finished,
      exitCode,
    });
  for (const { level, text, fields } of summaryLines(summaryOf(ended))) {
    log[level]('run.summary', text, fields);
  }
  const listed = result.servers.length === 0 ? await plugin.servers?.(pluginOptions(options)) : [];
  const exitCode = await writeResults(options, log, result, { ended, summaryOf, failures, listed });
  for (const text of new Set(failures.map(textOf))) log.aside(text);
  tellUnsentFiles(transfers, log);
  if (exitCode !== ExitCode.done) {
    const concerns = transfers.flatMap((transfer) => transfer.concerns);
    const error = result.error ?? gravestOf(failures);
    await tellOfFailure(options, plugin, { exitCode, error, concerns }, log);
    return exitCode;
  }
  if (transfers.every(hadNothing)) {
    log.info('run.empty', `No data to process for plugin ${plugin.name}`);
  }
  const { seconds } = summaryOf(exitCode);
  log.info('run.complete', 'Processing Complete', { seconds, ...totalsOf(transfers) });
  return exitCode;
}

function destinationOf({ server, destination, transfers }: ServerRun): DestinationResult {
  return { name: destination?.name ?? server.name, isReady: destination !== undefined, transfers };
}

interface Writing {
  /** How the run ended before its results were written. */
  readonly ended: ExitCode;
  readonly summaryOf: (exitCode: ExitCode) => RunSummary;
  /** Added to. */
  readonly failures: Failure[];
  /** What the configuration lists, where the run ended before it knew. */
  readonly listed: readonly ListedServer[] | undefined;
}

/** Writes summary, page and metrics. @returns how the run ends, the gravest of what went before and of what cannot be written */
async function writeResults(
  options: Options,
  log: OpenLog,
  { servers, look, error }: Result,
  { ended, summaryOf, failures, listed }: Writing,
): Promise<ExitCode> {
  // What would destroy what is read is not written.
  if (error instanceof SharedFileError) return ended;
  const measured = servers.map(({ server: { name }, destination, transfers }) => ({
    server: name,
    validity: destination?.validity,
    exitCodes: transfers.map(exitCodeOfTransfer),
  }));
  let exitCode = ended;
  for (const write of writersOf(options, log, listed ?? [])) {
    await write({ summary: summaryOf(exitCode), servers: measured, look }).catch((failure: unknown) => {
      // Tried before the work too.
      if (failures.some((told) => failureText(told.error) === failureText(failure))) return;
      failures.push({ error: failure, server: undefined });
      logFailure(log, failure);
      exitCode = gravest([exitCode, exitCodeOf(failure)]);
    });
  }
  return exitCode;
}

/** Last of all: scripts and people look for it there. */
function tellUnsentFiles(transfers: readonly Transfer[], log: OpenLog): void {
  const files = new Map(transfers.map(({ delivery, server }) => [delivery.unsentFile, server]));
  for (const [file, server] of files) {
    if (file === undefined) continue;
    const told = server === undefined ? log : log.labelled(undefined, server);
    told.error('delivery.unsent', `What is not delivered was kept in ${file} [QC5507]`, { file });
  }
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
