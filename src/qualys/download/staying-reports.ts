/** What stays in Qualys until its data is delivered: reuse_minutes. */
import type { ReusedReport } from '../../records/reused-report.ts';
import { startTimeBudget } from '../retry/time-budget.ts';
import type { ClaimedReports } from './earlier-reports.ts';
import { removeFromServer, TIDY_SECONDS, TidyingTimeOutError } from './remove-from-server.ts';
import { ReportApi, type ReportApiMeans } from './report-api.ts';

export interface StayingReports {
  /** The report that was fetched. */
  readonly id: string;
  /** It, and the older ones, whose data is never needed when its data is delivered. */
  readonly ids: readonly string[];
  /** The title of a launch that got no answer, and may have made another report. */
  readonly unsure: string | undefined;
  readonly reused: ReusedReport | undefined;
  /** Kept from other runs until they are settled. */
  readonly claimed: ClaimedReports;
}

/** Says that a report is there for the next run. */
export function tellOfStaying(id: string, { access, log }: Pick<ReportApiMeans, 'access' | 'log'>): void {
  const minutes = access.reuseMinutes;
  log.info(
    'report.stays',
    `Report ${id} stays in Qualys, for a run within ${minutes} minutes of its launch`,
    {
      id,
      minutes,
    },
  );
}

/** Deletes what nobody needs any more. A failure is told, not thrown. @param signal as in removeFromServer */
export async function removeStaying(
  { ids, unsure }: Pick<StayingReports, 'ids' | 'unsure'>,
  means: ReportApiMeans,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = means;
  const expired = (): Error => new TidyingTimeOutError('there was no time left for it.');
  const budget = startTimeBudget({ clock, seconds: TIDY_SECONDS, expired });
  const leftover = { ids, unsure, running: false, mayBeGone: true };
  try {
    await removeFromServer(
      { budget, log, troubled: () => undefined },
      new ReportApi(means),
      leftover,
      signal,
    );
  } finally {
    budget.end();
  }
}
