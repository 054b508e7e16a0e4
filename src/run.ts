import { commandOptionsBlock } from './cli/command-options-block.ts';
import type { Destination } from './destination/destination.ts';
import type { CertificateSource } from './destination/open-certificate.ts';
import { ExitCode } from './exit-code.ts';
import { realPath } from './files/real-path.ts';
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
import { writersOf } from './results.ts';
import { acquireRunLock, jobOf, type LockOptions, serverOf } from './run-lock.ts';
import type { RunMemory } from './state/run-memory.ts';
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
  const work = async (): Promise<void> => {
    for (const line of commandOptionsBlock(options)) log.debug('run.options', line);
    const prepared = await plugin.prepare(pluginOptions(options));
    const { inputs, warnings } = prepared;
    for (const warning of warnings) log.warning('secret.readable', warning);
    for (const remark of prepared.remarks ?? []) log.warning('secret.command', remark);
    result.transfers = inputs.map(newTransfer);
    await prepareOutputs(options, prepared, log);
    const job = await jobOf(
      options,
      inputs.map(({ label }) => label),
    );
    const waiting = { wait: options.wait, signal, log };
    const lock = await acquireRunLock(job, waiting);
    try {
      const source = {
        configFile: plugin.configFile(options),
        passwordCommand: prepared.certificatePassword,
      };
      const destination = await openDestination(options, source, log, signal);
      result.destination = destination;
      const { memory, maximumLine, release } = await openMemory(
        options,
        inputs,
        destination,
        result,
        waiting,
      );
      try {
        const look = (result.look = await lookFor(options));
        const passes = look ? [lookingAt(look, result.transfers)] : [];
        const detailed = look !== undefined;
        const context = { log, progress, signal, maximumLine, memory, detailed, passes };
        await transferAll(inputs, result.transfers, destination, context, options.overlap);
      } finally {
        release();
      }
    } finally {
      lock.release();
    }
  };
  try {
    await Promise.race([interruption.deadEnd, work()]);
  } catch (error) {
    result.error = error;
    logFailure(log, error);
  }
  const exitCode = await conclude(options, plugin, log, result);
  interruption.stop();
  return exitCode;
}

interface OpenedMemory {
  readonly memory: RunMemory | undefined;
  readonly maximumLine: number;
  readonly release: () => void;
}

/**
 * With -state what was acknowledged: runs to one Management Center that remember it in one folder go one after the other.
 * With -csvfile it is only read, and lines are made as they were for the Management Center.
 */
async function openMemory(
  { state: path, csvfile, changed, force, server, port }: Options,
  inputs: readonly PreparedInput[],
  { maximumLine }: Destination,
  { started }: Result,
  waiting: LockOptions,
): Promise<OpenedMemory> {
  if (path === undefined) return { memory: undefined, maximumLine, release: () => undefined };
  const { openRunMemory } = await import('./state/run-memory.ts');
  const name = serverOf({ server, port });
  const writes = csvfile === undefined ? 'there' : inputs.length > 1 ? 'copied' : 'nowhere';
  const job = `${name} with -state=${await realPath(path)}`;
  const lock = csvfile === undefined ? await acquireRunLock(job, waiting) : undefined;
  const memory = openRunMemory({ path, server: name, writes, changed, force, started });
  const remembered = lock ? undefined : memory.longestLine(inputs.map(({ label }) => label));
  return {
    memory,
    maximumLine: remembered ?? maximumLine,
    release: () => {
      memory.close();
      lock?.release();
    },
  };
}

/** For what is to be seen on the page, if there is to be one. */
async function lookFor({ page }: Options): Promise<Look | undefined> {
  return page === undefined ? undefined : new (await import('./page/look.ts')).Look();
}

function lookingAt(look: Look, transfers: readonly Transfer[]): Pass {
  return (stream, transfer) => look.at(stream, transfers.indexOf(transfer));
}

/** With -csvfile the file; else the Management Center, which is asked first whether it is ready. */
async function openDestination(
  options: Options,
  source: CertificateSource,
  log: OpenLog,
  signal: AbortSignal,
): Promise<Destination> {
  if (options.csvfile !== undefined) {
    if (options.server !== undefined && options.state !== undefined) {
      log.info(
        'csv.unsent',
        'Nothing is sent to -server: it names whose state in -state is compared with. The state stays as it is.',
      );
    } else if (options.server !== undefined) {
      log.warning(
        'csv.unsent',
        'Nothing is sent to -server: with -csvfile the commands go to that file alone.',
      );
    }
    const { csvFileDestination } = await import('./destination/csv-file.ts');
    return csvFileDestination(options.csvfile);
  }
  const { managementCenterDestination } = await import('./destination/management-center.ts');
  return managementCenterDestination(options, source, log, signal);
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
    await tellOfFailure(options, plugin, { exitCode, error: failures[0] }, log);
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
