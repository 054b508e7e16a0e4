import type { QualysConfig } from '../config/qualys-config.ts';
import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';
import { type Clock, systemClock } from './clock.ts';
import { openConnection } from './connection.ts';
import { downloadAtOnce } from './download-at-once.ts';
import { downloadByLaunch } from './download-by-launch.ts';
import type { DownloadSession } from './download-session.ts';
import { requireAccess } from './qualys-access.ts';
import { ReportTimeOut } from './report-errors.ts';
import { type SpooledReport, createSpool } from './spool.ts';
import { startTimeBudget } from './time-budget.ts';

export type { SpooledReport } from './spool.ts';

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

/**
 * Has Qualys generate the template's report and stores it on disk, never in memory.
 * Waits out what may pass, up to report_timeout; ends at once on what does not. However it ends, the report
 * launched is deleted on the server, and unless it succeeds nothing is left on disk.
 * @throws ConnectorError (QC3001 to QC3099), or the signal's reason
 */
export async function downloadReport(config: QualysConfig, context: DownloadContext): Promise<SpooledReport> {
  const access = requireAccess(config);
  const { log, progress, signal, clock = systemClock, env = process.env } = context;
  signal.throwIfAborted();
  const connection = openConnection(access, { log, clock, env });
  const spool = await createSpool(access, clock);
  const story: { doing: string; trouble: string | undefined } = { doing: 'connecting', trouble: undefined };
  const budget = startTimeBudget({
    clock,
    seconds: access.reportTimeout,
    parent: signal,
    expired: () => new ReportTimeOut(access.reportTimeout, story.doing, story.trouble),
  });
  const session: DownloadSession = {
    access,
    connection,
    spool,
    log,
    progress,
    budget,
    doing: (what) => (story.doing = what),
    troubled: (trouble) => (story.trouble = trouble),
  };
  try {
    await (access.api === 'v1' ? downloadAtOnce(session) : downloadByLaunch(session, signal));
    const report = await spool.finish();
    tellOf(report, budget.elapsedSeconds(), log);
    return report;
  } catch (error) {
    await spool.discard();
    throw error;
  } finally {
    progress.end();
    budget.end();
    await connection.close();
  }
}

function tellOf(report: SpooledReport, elapsed: number, log: Log): void {
  const seconds = Math.round(elapsed);
  const kept = report.keep ? `, kept as ${report.path}` : '';
  log.info('report.downloaded', `Downloaded ${report.bytes} bytes in ${seconds} s${kept}`, {
    bytes: report.bytes,
    seconds,
    file: report.path,
  });
}
