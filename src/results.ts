/** What a run leaves at its end, beside its log and its commands. */
import type { Destination } from './destination/destination.ts';
import type { ExitCode } from './exit-code.ts';
import type { Log } from './log/log.ts';
import type { Options } from './options.ts';
import { type RunSummary, writeSummary } from './summary/run-summary.ts';

interface EndedRun {
  readonly summary: RunSummary;
  /** Of each input of the summary. */
  readonly exitCodes: readonly ExitCode[];
  /** Undefined: the run ended before it was ready. */
  readonly destination: Destination | undefined;
}

/** @throws FileWriteError */
type Write = (run: EndedRun) => Promise<void>;

/** One for each that is asked for, in the order in which they are to be written. */
export function writersOf(options: Options, log: Log): Write[] {
  const { summary, metrics } = options;
  const writers: (Write | false)[] = [
    summary !== undefined && ((run) => writeSummary(summary, run.summary)),
    metrics !== undefined &&
      (async ({ summary, exitCodes, destination }) => {
        const { writeMetrics } = await import('./metrics/write-metrics.ts');
        const measured = { summary, exitCodes, server: serverOf(options), validity: destination?.validity };
        await writeMetrics(metrics, measured, log);
      }),
  ];
  return writers.filter((writer) => writer !== false);
}

/** What names the destination, however early the run fails. */
function serverOf({ csvfile, server, port }: Options): string {
  return csvfile ?? `${server ?? ''}:${port}`;
}
