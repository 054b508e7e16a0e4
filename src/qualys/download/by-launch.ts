import { persist } from '../retry/persist.ts';
import type { DownloadSession } from './session.ts';
import { prepareLaunch } from './launch.ts';
import { removeFromServer } from './remove-from-server.ts';
import { ReportApi } from './report-api.ts';
import { scopeWords } from '../scope.ts';
import { waitForReport } from './wait.ts';

/**
 * The life of a report under API v2: launched, waited for, fetched into the spool, deleted. Deleted also when anything fails
 * on the way.
 */
export async function downloadByLaunch(session: DownloadSession, userSignal: AbortSignal): Promise<void> {
  const { access, connection, log, budget } = session;
  const api = new ReportApi({ access, connection, log, clock: budget.clock });
  const launch = prepareLaunch(session, api);
  let id: string | undefined;
  let running = true;
  try {
    session.doing('launching the report');
    id = await launch.run();
    tellOfLaunch(id, launch.title, session);
    const launched = budget.elapsedSeconds();
    await waitForReport(session, api, id);
    running = false;
    const seconds = Math.round(budget.elapsedSeconds() - launched);
    log.info('report.finished', `Report ${id} finished after ${seconds} s`, { id, seconds });
    await fetchReport(session, api, id);
  } finally {
    await removeFromServer(session, api, { launch, id, running }, userSignal);
  }
}

function tellOfLaunch(id: string, title: string, { access, log }: DownloadSession): void {
  const scope = scopeWords(access);
  const of = scope === '' ? '' : `, of ${scope}`;
  log.info('report.launched', `Report ${id} launched in Qualys, title ${title}${of}`, {
    id,
    title,
    template: access.templateId,
    ...(scope !== '' && { scope }),
  });
}

/** A download that breaks off is fetched again: the report is still there. */
async function fetchReport(session: DownloadSession, api: ReportApi, id: string): Promise<void> {
  const { spool, download, budget } = session;
  const doing = `fetching the report ${id}`;
  session.doing(doing);
  await persist(session, doing, () => api.fetch(id, spool, download.watch, budget.signal));
}
