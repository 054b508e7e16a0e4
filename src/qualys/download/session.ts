import type { Log } from '../../log/log.ts';
import type { Progress } from '../../progress.ts';
import type { QualysConnection } from '../connection/connection.ts';
import type { QualysAccess } from '../access.ts';
import type { Persistence } from '../retry/persist.ts';
import { startTimeBudget } from '../retry/time-budget.ts';
import type { Clock } from '../../clock.ts';
import type { Spool } from '../spool/spool.ts';
import { ReportTimeOutError } from './errors.ts';
import { type TimedDownload, timeDownload } from './timed-download.ts';

/** What one download is made with. */
export interface DownloadMeans {
  readonly access: QualysAccess;
  readonly connection: QualysConnection;
  readonly spool: Spool;
  readonly log: Log;
  readonly progress: Progress;
}

/** What the steps of one download share. */
export interface DownloadSession extends Persistence, DownloadMeans {
  readonly download: TimedDownload;
  /** Names what is going on, for the message of a time-out. */
  readonly doing: (what: string) => void;
}

/** From now on report_timeout runs; what is going on when it ends, and the last trouble, are in the error then. */
export function beginSession(means: DownloadMeans, clock: Clock, signal: AbortSignal): DownloadSession {
  const { reportTimeout } = means.access;
  const story: { doing: string; trouble: string | undefined } = { doing: 'connecting', trouble: undefined };
  const budget = startTimeBudget({
    clock,
    seconds: reportTimeout,
    parent: signal,
    expired: () => new ReportTimeOutError(reportTimeout, story.doing, story.trouble),
  });
  return {
    ...means,
    budget,
    download: timeDownload(clock, means.progress),
    doing: (what) => (story.doing = what),
    troubled: (trouble) => (story.trouble = trouble),
  };
}
