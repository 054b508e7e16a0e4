import { removeLeftovers } from '../files/leftovers.ts';
import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';
import type { ReusedReport } from '../records/reused-report.ts';
import { type Clock, systemClock } from '../clock.ts';
import { openConnection } from './connection/connection.ts';
import { downloadAtOnce } from './download/at-once.ts';
import { downloadByLaunch } from './download/by-launch.ts';
import { beginSession } from './download/session.ts';
import { removeStaying, type StayingReports, tellOfStaying } from './download/staying-reports.ts';
import type { QualysAccess } from './access.ts';
import { createSpool, type SpooledReport } from './spool/spool.ts';

export interface DownloadContext {
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted when the run is to end early; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Absent: the system's. */
  readonly clock?: Clock;
  /** Absent: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface DownloadedReport extends SpooledReport {
  /** The report of an earlier run that it is; undefined: it was launched by this one. */
  readonly reused: ReusedReport | undefined;
  /**
   * To be called once, when it is known what became of its data: with reuse_minutes the report is still in Qualys. Never
   * rejects for what Qualys answers.
   * @param isOver nobody needs it any more
   */
  settle(isOver: boolean): Promise<void>;
}

/**
 * Has Qualys generate the template's report and stores it on disk, never in memory.
 * Waits out what may pass, up to report_timeout; ends at once on what does not. However it ends, the report
 * launched is deleted on the server, and unless it succeeds nothing is left on disk. With reuse_minutes a finished report
 * stays on the server until it is settled, or for the next run.
 * @throws ConnectorError (QC3001 to QC3099), or the signal's reason
 */
export async function downloadReport(
  access: QualysAccess,
  context: DownloadContext,
): Promise<DownloadedReport> {
  const { log, progress, signal, clock = systemClock, env = process.env } = context;
  signal.throwIfAborted();
  const connection = openConnection(access, { log, clock, env });
  const spool = await createSpool(access, clock);
  for (const sentence of await removeLeftovers(spool.directory)) log.warning('run.leftover', sentence);
  const session = beginSession({ access, connection, spool, log, progress }, clock, signal);
  let staying: StayingReports | undefined;
  try {
    staying = await (access.api === 'v1' ? downloadAtOnce(session) : downloadByLaunch(session, signal));
    const report = await spool.finish();
    tellOf(report, session.download.seconds(), log);
    const { reused } = staying ?? {};
    return { ...report, reused, settle: (isOver) => settle(staying, isOver, access, context) };
  } catch (error) {
    await settle(staying, false, access, context);
    await spool.discard();
    throw error;
  } finally {
    progress.end();
    session.budget.end();
    await connection.close();
  }
}

async function settle(
  staying: StayingReports | undefined,
  isOver: boolean,
  access: QualysAccess,
  { log, signal, clock = systemClock, env = process.env }: DownloadContext,
): Promise<void> {
  if (!staying) return;
  try {
    if (!isOver) tellOfStaying(staying.id, { access, log });
    // The next run takes the youngest: an older one is of no use, whatever becomes of this one's data.
    const useless = isOver ? staying : olderThan(staying);
    if (!isOver && (useless.ids.length === 0 || signal.aborted)) return;
    const connection = openConnection(access, { log, clock, env });
    await removeStaying(useless, { access, connection, log, clock }, signal).finally(() =>
      connection.close(),
    );
  } finally {
    staying.claimed.release();
  }
}

function olderThan({ id, ids }: StayingReports): Pick<StayingReports, 'ids' | 'unsure'> {
  return { ids: ids.filter((one) => one !== id), unsure: undefined };
}

/** The time is that of the transfer alone: how long the generating took has been told before. */
function tellOf(report: SpooledReport, elapsed: number, log: Log): void {
  const seconds = Math.round(elapsed);
  const kept = report.keep ? `, kept as ${report.name}` : '';
  log.info('report.downloaded', `Downloaded ${report.bytes} bytes in ${seconds} s${kept}`, {
    bytes: report.bytes,
    seconds,
    ...(report.keep && { file: report.name }),
  });
}
