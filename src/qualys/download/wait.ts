import type { DownloadSession } from './session.ts';
import { persist } from '../retry/persist.ts';
import type { ListedReport } from './listed-report.ts';
import type { ReportApi } from './report-api.ts';
import { ReportCanceledError, ReportFailedError, ReportVanishedError } from './errors.ts';

/** Seconds before the first look; a small report takes about ten (observed). */
const FIRST_PAUSE = 3;
const GROWTH = 1.5;
/** Seconds in which a launched report may not be listed yet, and looks in which a listed one may be missing. */
const ABSENT_SECONDS = 600;
const MISSING_LOOKS = 3;

/** Polls the list, less and less often up to poll_interval, until the report is finished. Throws how else it ended. */
export async function waitForReport(session: DownloadSession, api: ReportApi, id: string): Promise<void> {
  const { access, budget } = session;
  const begun = budget.elapsedSeconds();
  const absence = watchAbsence(id);
  let pause = Math.min(FIRST_PAUSE, access.pollInterval);
  for (;;) {
    await budget.pause(pause);
    pause = Math.min(pause * GROWTH, access.pollInterval);
    const report = await persist(session, `waiting for the report ${id}`, () => look(api, id, budget.signal));
    const waited = budget.elapsedSeconds() - begun;
    absence(report, waited);
    tell(session, id, report, waited);
    if (report !== undefined && hasFinished(report)) return;
  }
}

async function look(api: ReportApi, id: string, signal: AbortSignal): Promise<ListedReport | undefined> {
  return (await api.list(id, signal)).find((report) => report.id === id);
}

function hasFinished(report: ListedReport): boolean {
  switch (report.state.toLowerCase()) {
    case 'finished':
      return true;
    case 'errors':
      throw new ReportFailedError(report.id, report.message);
    case 'canceled':
      throw new ReportCanceledError(report.id);
    default:
      return false;
  }
}

/** Right after the launch the list may lack the report (observed by others); later it may not. */
function watchAbsence(id: string): (report: ListedReport | undefined, waited: number) => void {
  let seen = false;
  let missing = 0;
  return (report, waited) => {
    seen ||= report !== undefined;
    missing = report === undefined ? missing + 1 : 0;
    if (seen ? missing >= MISSING_LOOKS : waited > ABSENT_SECONDS) throw new ReportVanishedError(id);
  };
}

function tell(session: DownloadSession, id: string, report: ListedReport | undefined, waited: number): void {
  const state = report?.state ?? 'not listed yet';
  const percent = report?.percent;
  session.doing(`waiting for the report ${id} (${state})`);
  session.progress.generating(state, percent, Math.round(waited));
  session.log.debug('report.state', `Report ${id}: ${state}${percent === undefined ? '' : ` ${percent} %`}`, {
    id,
    state,
    percent,
  });
}
