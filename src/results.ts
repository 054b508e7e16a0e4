/** What a run leaves at its end, beside its log and its commands. */
import type { Log } from './log/log.ts';
import { isList, type ListedServer, parseServers } from './management-center/connection/server-list.ts';
import type { MeasuredRun } from './metrics/metrics.ts';
import type { Options } from './options.ts';
import type { Look } from './page/look.ts';
import { type RunSummary, writeSummary } from './summary/run-summary.ts';

interface EndedRun {
  readonly summary: RunSummary;
  /** Each Management Center, or what stands for the CSV files; none: the run ended before they were known. */
  readonly servers: readonly Omit<MeasuredRun, 'summary'>[];
  /** With -page; undefined: the run ended before there was anything to see. */
  readonly look: Look | undefined;
}

/** @throws FileWriteError */
type Write = (run: EndedRun) => Promise<void>;

/**
 * One for each that is asked for, in the order in which they are to be written.
 * @param listed the Management Centers of the configuration
 */
export function writersOf(options: Options, log: Log, listed: readonly ListedServer[]): Write[] {
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
      (async ({ summary, servers }) => {
        const { writeMetrics } = await import('./metrics/write-metrics.ts');
        const known = servers.length > 0 ? servers : namedBy(options, listed);
        await writeMetrics(
          metrics,
          known.map((server) => ({ ...server, summary: summaryOf(server, summary) })),
          log,
        );
      }),
  ];
  return writers.filter((writer) => writer !== false);
}

/** What names the destinations, the same however early the run fails; one without a name where nothing does. */
function namedBy(
  { csvfile, server, port, ipv6 }: Options,
  listed: readonly ListedServer[],
): Omit<MeasuredRun, 'summary'>[] {
  const named = server !== undefined && isList(server) ? parseServers(server, { port, ipv6 }) : listed;
  const alone = csvfile ?? (server !== undefined && !isList(server) ? `${server}:${port}` : undefined);
  const names =
    alone === undefined && named.length > 0
      ? named.map((one) => `${one.address}:${one.port ?? port}`)
      : [alone];
  return names.map((name) => ({ server: name, exitCodes: [], validity: undefined }));
}

/** The run as it was for one of several. */
function summaryOf({ server }: Omit<MeasuredRun, 'summary'>, summary: RunSummary): RunSummary {
  const own = summary.servers?.find(({ name }) => name === server);
  if (!own || server === undefined) return summary;
  const inputs = summary.inputs.filter((input) => input.server === server);
  return { ...summary, exitCode: own.exitCode, error: own.error, destination: server, inputs };
}
