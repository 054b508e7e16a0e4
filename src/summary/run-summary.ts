import type { Check } from '../check.ts';
import type { ExitCode } from '../exit-code.ts';
import type { ConversionCounts } from '../conversion/counts.ts';
import type { Delivery } from '../destination/sink.ts';
import { NOTHING, plus, type Tally } from '../host-input/command-stream.ts';
import { asFailure, gravest } from '../outcome.ts';
import type { Changes } from '../state/changes.ts';
import type { DetectionCounts } from '../records/detection-counts.ts';
import type { ReusedReport } from '../records/reused-report.ts';
import { exitCodeOfTransfer, type Transfer } from '../transfer.ts';
import { NAME, VERSION } from '../version.ts';
import { tryFile, writeFile } from '../files/whole-file.ts';

const WHAT = 'The summary';

/** What -summary writes. docs/reference.md describes it; `format` grows when a field changes its meaning. */
export interface RunSummary {
  readonly format: 1;
  readonly program: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string;
  readonly seconds: number;
  readonly exitCode: ExitCode;
  /** The failure that ended the run, or its gravest one. */
  readonly error: ErrorSummary | null;
  /** host:port of the Management Center, or the CSV file; of several, joined by commas. */
  readonly destination: string | null;
  /** Where there are several Management Centers: each, in the order in which they are named. */
  readonly servers?: readonly ServerSummary[];
  /** One for each template or file, in the order of work. */
  readonly inputs: readonly InputSummary[];
  /** The steps of -test. */
  readonly checks?: readonly Check[];
}

/** One of several Management Centers. */
interface ServerSummary extends Tally {
  /** host:port. */
  readonly name: string;
  readonly exitCode: ExitCode;
  /** Its first failure of that exit code. */
  readonly error: ErrorSummary | null;
  /** Where commands that could not be delivered to it are kept. */
  readonly unsentFile: string | null;
}

interface ErrorSummary {
  readonly code: string;
  readonly message: string;
  /** The peer that it is about, where there is one. */
  readonly address?: string;
  readonly port?: number;
}

export interface InputSummary {
  readonly label: string;
  /** The Management Center, where there are several: `host:port`. */
  readonly server?: string;
  readonly template: string | null;
  /** The CSV file that was written; null: sent to the Management Center. */
  readonly file: string | null;
  readonly outcome: 'done' | 'complaints' | 'failed' | 'not started';
  readonly error: ErrorSummary | null;
  readonly counts: ConversionCounts | null;
  /** With -state. */
  readonly changes: Changes | null;
  /** Why somebody should look, although all is delivered; absent: there is nothing to look into. */
  readonly concerns?: readonly string[];
  /** With -state: files of unsent commands of earlier runs that this one has superseded; absent: none. */
  readonly superseded?: readonly string[];
  /** Where it came from Qualys' host detections: what that took. */
  readonly detection?: DetectionCounts;
  /** The report of an earlier run that was fetched in place of a new one; absent: none was. */
  readonly reused?: ReusedReport;
  readonly delivery: Delivery;
  readonly seconds: { readonly obtain?: number; readonly deliver?: number };
}

export interface RunResult {
  readonly started: Date;
  readonly finished: Date;
  readonly exitCode: ExitCode;
  readonly error: unknown;
  /** One, or several Management Centers. */
  readonly destinations: readonly DestinationResult[];
  /** Of all of them. */
  readonly transfers: readonly Transfer[];
}

export interface DestinationResult {
  readonly name: string;
  readonly isReady: boolean;
  readonly transfers: readonly Transfer[];
}

export function summarise(result: RunResult): RunSummary {
  return {
    format: 1,
    program: { name: NAME, version: VERSION },
    started: result.started.toISOString(),
    finished: result.finished.toISOString(),
    seconds: rounded((result.finished.getTime() - result.started.getTime()) / 1000),
    exitCode: result.exitCode,
    error: errorSummary(result.error),
    destination: namesOf(result.destinations),
    ...(result.destinations.length > 1 && { servers: serversOf(result) }),
    inputs: result.transfers.map((transfer) => ({
      label: transfer.label,
      ...(transfer.server !== undefined && { server: transfer.server }),
      template: transfer.template ?? null,
      file: transfer.file ?? null,
      outcome: outcomeOf(transfer),
      error: errorSummary(transfer.error),
      counts: transfer.counts ?? null,
      ...(transfer.detection && { detection: transfer.detection }),
      ...(transfer.reused && { reused: transfer.reused }),
      changes: transfer.changes ?? null,
      ...(transfer.concerns.length > 0 && { concerns: transfer.concerns }),
      ...(transfer.superseded.length > 0 && { superseded: transfer.superseded }),
      delivery: transfer.delivery,
      seconds: Object.fromEntries(
        Object.entries(transfer.seconds).map(([stage, seconds]) => [stage, rounded(seconds)]),
      ),
    })),
  };
}

/** None where no one is ready. */
function namesOf(destinations: readonly DestinationResult[]): string | null {
  return destinations.some(({ isReady }) => isReady) ? destinations.map(({ name }) => name).join(', ') : null;
}

function serversOf({ destinations, exitCode }: RunResult): ServerSummary[] {
  return destinations.map(({ name, transfers }) => {
    // What was not begun ends as the run does.
    const codes = transfers.map((transfer) =>
      outcomeOf(transfer) === 'not started' ? exitCode : exitCodeOfTransfer(transfer),
    );
    const worst = gravest(codes);
    const failed = transfers.find(
      (transfer, index) => transfer.error !== undefined && codes[index] === worst,
    );
    return {
      name,
      exitCode: worst,
      error: errorSummary(failed?.error),
      ...transfers.map(({ delivery }) => delivery).reduce(plus, NOTHING),
      unsentFile:
        transfers.map(({ delivery }) => delivery.unsentFile).find((file) => file !== undefined) ?? null,
    };
  });
}

function outcomeOf(transfer: Transfer): InputSummary['outcome'] {
  if (transfer.error !== undefined) return 'failed';
  if (transfer.seconds.obtain === undefined) return 'not started';
  return transfer.delivery.complaints > 0 ? 'complaints' : 'done';
}

function errorSummary(error: unknown): ErrorSummary | null {
  if (error === undefined) return null;
  const { code, message, address, port } = asFailure(error);
  return { code, message, ...(address !== undefined && { address }), ...(port !== undefined && { port }) };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Makes its folder, and sees whether it could be written. @throws FileWriteError */
export function trySummary(path: string): Promise<void> {
  return tryFile(WHAT, path);
}

/** Writes the summary as JSON, whole or not at all. @throws FileWriteError */
export function writeSummary(path: string, summary: RunSummary): Promise<void> {
  return writeFile(WHAT, path, `${JSON.stringify(summary, null, 2)}\n`);
}
