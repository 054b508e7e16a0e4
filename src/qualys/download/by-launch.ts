import { happenedIn } from '../../connector-error.ts';
import { QualysRequestRefusedError } from '../answers/errors.ts';
import { ReportCutOffError } from '../connection/errors.ts';
import { persist } from '../retry/persist.ts';
import { TransientError } from '../retry/transient.ts';
import { scopeWords } from '../scope.ts';
import { ClaimedReports } from './earlier-reports.ts';
import { ReportNotFetchableError, ReportVanishedError, UnexpectedDocumentError } from './errors.ts';
import { prepareLaunch } from './launch.ts';
import type { ListedReport } from './listed-report.ts';
import { removeFromServer } from './remove-from-server.ts';
import { type StayingReports, tellOfStaying } from './staying-reports.ts';
import { NOT_FETCHABLE, ReportApi } from './report-api.ts';
import type { DownloadSession } from './session.ts';
import { waitForReport } from './wait.ts';

/** Why a report is of no use, however often it is fetched. */
const USELESS = [QualysRequestRefusedError, ReportNotFetchableError, UnexpectedDocumentError] as const;
/** Why a report of an earlier run is given up: it may be broken in Qualys, or gone. */
const GIVEN_UP = [...USELESS, ReportCutOffError, ReportVanishedError] as const;

/**
 * The life of a report under API v2: launched, waited for, fetched into the spool, deleted. Deleted also when anything fails
 * on the way. With reuse_minutes the report of an earlier run may take its place, and what was fetched stays in Qualys.
 * @returns what stays, to be settled; undefined: nothing does
 */
export async function downloadByLaunch(
  session: DownloadSession,
  userSignal: AbortSignal,
): Promise<StayingReports | undefined> {
  const { access, connection, log, budget } = session;
  const api = new ReportApi({ access, connection, log, clock: budget.clock });
  if (access.reuseMinutes === 0) {
    await launchAndFetch(session, api, userSignal);
    return undefined;
  }
  const claimed = new ClaimedReports(session);
  try {
    const earlier = await claimed.claimEarlier(api);
    const ids = earlier.map(({ id }) => id);
    const [youngest] = earlier;
    if (youngest && youngest.minutes < access.reuseMinutes && (await fetchEarlier(session, api, youngest))) {
      const { id, launched } = youngest;
      return { id, ids, unsure: undefined, reused: { id, launched }, claimed };
    }
    const { id, unsure } = await launchAndFetch(session, api, userSignal, claimed);
    return { id, ids: [id, ...ids], unsure, reused: undefined, claimed };
  } catch (error) {
    claimed.release();
    throw error;
  }
}

interface Launched {
  readonly id: string;
  /** The title of a launch that got no answer, and may have made another report. */
  readonly unsure: string | undefined;
}

/** @param claimed with it the report stays in Qualys once it is finished, unless it is of no use */
async function launchAndFetch(
  session: DownloadSession,
  api: ReportApi,
  userSignal: AbortSignal,
  claimed?: ClaimedReports,
): Promise<Launched> {
  const { log, budget } = session;
  const launch = prepareLaunch(session, api);
  await claimed?.claim(launch.title);
  const unsure = (): string | undefined => (launch.unsure ? launch.title : undefined);
  let id: string | undefined;
  let running = true;
  let stays = false;
  try {
    session.doing('launching the report');
    id = await launch.run();
    tellOfLaunch(id, launch.title, session);
    const launched = budget.elapsedSeconds();
    await waitForReport(session, api, id);
    running = false;
    stays = claimed !== undefined;
    const seconds = Math.round(budget.elapsedSeconds() - launched);
    log.info('report.finished', `Report ${id} finished after ${seconds} s`, { id, seconds });
    await fetchReport(session, api, id);
    return { id, unsure: unsure() };
  } catch (error) {
    stays &&= !USELESS.some((useless) => error instanceof useless);
    if (stays && id !== undefined) tellOfStaying(id, session);
    throw error;
  } finally {
    if (!stays) {
      const ids = id === undefined ? [] : [id];
      await removeFromServer(session, api, { ids, unsure: unsure(), running }, userSignal);
    }
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

/** @returns whether the report could be had; where it could not, another one can be launched */
async function fetchEarlier(
  session: DownloadSession,
  api: ReportApi,
  { id, launched, minutes }: ListedReport,
): Promise<boolean> {
  const { access, log, budget } = session;
  const age = Math.round(minutes);
  const text = `Report ${id} of an earlier run, launched on ${launched}, is fetched in place of a new one (reuse_minutes: ${access.reuseMinutes})`;
  log.info('report.reused', text, { id, launched, minutes: age });
  const { spool, download } = session;
  const doing = `fetching the report ${id}`;
  session.doing(doing);
  try {
    await persist(session, doing, () =>
      api.fetch(id, spool, download.watch, budget.signal).catch(async (error: unknown) => {
        // What is deleted gets the answer of what is not ready yet.
        const mayBeGone = error instanceof TransientError && error.number === NOT_FETCHABLE;
        throw mayBeGone && !(await api.has(id, budget.signal)) ? new ReportVanishedError(id) : error;
      }),
    );
    return true;
  } catch (error) {
    if (budget.signal.aborted || !GIVEN_UP.some((reason) => error instanceof reason)) throw error;
    log.info('report.notReused', `A new report is launched: ${happenedIn(error)}`, { id });
    return false;
  }
}
