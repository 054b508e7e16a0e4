/** What a run leaves at its end, beside its log and its commands. */
import type { Destination } from './destination/destination.ts';
import type { ExitCode } from './exit-code.ts';
import type { Log } from './log/log.ts';
import type { Options } from './options.ts';
import type { Look } from './page/look.ts';
import { type RunSummary, writeSummary } from './summary/run-summary.ts';

interface EndedRun {
  readonly summary: RunSummary;
  /** Of each input of the summary. */
  readonly exitCodes: readonly ExitCode[];
  /** Undefined: the run ended before it was ready. */
  readonly destination: Destination | undefined;
  /** With -page; undefined: the run ended before there was anything to see. */
  readonly look: Look | undefined;
}

/** @throws FileWriteError */
type Write = (run: EndedRun) => Promise<void>;

/** One for each that is asked for, in the order in which they are to be written. */
export function writersOf(options: Options, log: Log): Write[] {
  const { summary, page, metrics } = options;
  const writers: (Write | false)[] = [
    page !== undefined &&
      (async ({ summary, look }) => {
        const [{ writePage }, { Look }] = await Promise.all([
          import('./page/write-page.ts'),
          import('./page/look.ts'),
        ]);
        await writePage(page, summary, look ?? new Look());
        log.info('page.written', `What was done can be looked at in ${page}`, { file: page });
      }),
    summary !== undefined && ((run) => writeSummary(summary, run.summary)),
    metrics !== undefined &&
      (async ({ summary, exitCodes, destination }) => {
        const { writeMetrics } = await import('./metrics/write-metrics.ts');
        const server = serverOf(options);
        const measured = { summary, exitCodes, server, validity: destination?.validity };
        await writeMetrics(metrics, measured, log);
      }),
  ];
  return writers.filter((writer) => writer !== false);
}

/** What names the destination, the same however early the run fails. */
function serverOf({ csvfile, server, port }: Options): string {
  return csvfile ?? `${server ?? ''}:${port}`;
}
