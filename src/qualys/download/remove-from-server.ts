import type { Log } from '../../log/log.ts';
import { type Persistence, persist } from '../retry/persist.ts';
import type { ReportApi } from './report-api.ts';
import { startTimeBudget, type TimeBudget } from '../retry/time-budget.ts';
import { happenedIn } from '../retry/transient.ts';

/** Seconds for tidying up; the shorter time when the run is to end, and beyond report_timeout. */
export const TIDY_SECONDS = 120;
const HURRIED_SECONDS = 5;
/** How often, and with which pause in seconds, a report is looked for that a launch may have made. */
const LOOKS = 4;
const LOOK_PAUSE = 1;

const AFTERWARDS = 'Qualys deletes its reports after 7 days; until then it takes storage.';

export class TidyingTimeOutError extends Error {}

export interface Leftover {
  /** Ids of reports, as far as they are known. */
  readonly ids: readonly string[];
  /** The title of a launch that got no answer, whose report may still turn up. */
  readonly unsure: string | undefined;
  /** Whether Qualys may still be generating them. */
  readonly running: boolean;
  /** Whether somebody else may have deleted them since. */
  readonly mayBeGone?: boolean;
}

/**
 * Deletes reports, a running report after canceling it. A failure is told, not thrown: Qualys deletes
 * reports by itself after seven days.
 * @param userSignal when aborted, before or meanwhile, a few seconds must do
 */
export async function removeFromServer(
  session: Persistence,
  api: ReportApi,
  leftover: Leftover,
  userSignal: AbortSignal,
): Promise<void> {
  const left = session.budget.remainingSeconds() + HURRIED_SECONDS;
  const seconds = userSignal.aborted ? HURRIED_SECONDS : Math.min(TIDY_SECONDS, left);
  const expired = (): Error => new TidyingTimeOutError('there was no time left for it.');
  const budget = startTimeBudget({ clock: session.budget.clock, seconds, expired });
  const hurry = (): void => {
    budget.shortenTo(HURRIED_SECONDS);
  };
  userSignal.addEventListener('abort', hurry);
  try {
    for (const id of await idsToRemove(api, leftover, budget, session)) {
      await removeOne(api, id, leftover, budget, session);
    }
  } finally {
    userSignal.removeEventListener('abort', hurry);
    budget.end();
  }
}

/** The report known, and any other that bears the launch's title. */
async function idsToRemove(
  api: ReportApi,
  { ids: known, unsure }: Leftover,
  budget: TimeBudget,
  session: Persistence,
): Promise<Set<string>> {
  const ids = new Set(known);
  if (unsure === undefined) return ids;
  await attempt(session.log, `the report "${unsure}" could not be looked for`, async () => {
    // Qualys may still be busy with a launch whose answer did not come.
    const unknown = known.length === 0;
    for (let looks = unknown ? LOOKS : 1; looks > 0; looks--) {
      const listed = await persist({ ...session, budget }, 'tidying up', () =>
        api.list(undefined, budget.signal),
      );
      for (const report of listed) if (report.title === unsure) ids.add(report.id);
      if (ids.size > 0) return;
      if (looks > 1) await budget.pause(LOOK_PAUSE);
    }
    if (!unknown) return;
    session.log.warning(
      'report.left',
      `In Qualys the report "${unsure}" may still turn up: its launch got no answer, and it is not listed. ${AFTERWARDS}`,
    );
  });
  return ids;
}

async function removeOne(
  api: ReportApi,
  id: string,
  { running, mayBeGone = false }: Leftover,
  budget: TimeBudget,
  session: Persistence,
): Promise<void> {
  if (running) {
    // What is not running any more cannot be canceled, which is no trouble: it is deleted next.
    await api.cancel(id, budget.signal, budget.remainingSeconds() / 2).catch(() => undefined);
  }
  await attempt(session.log, `the report ${id} could not be deleted`, async () => {
    let asked = mayBeGone ? 1 : 0;
    await persist({ ...session, budget }, 'deleting the report', async () => {
      // A delete whose answer was lost must not be told as failed.
      if (asked++ > 0 && !(await api.has(id, budget.signal))) return;
      await api.delete(id, budget.signal);
    });
    session.log.debug('report.deleted', `Report ${id} deleted from Qualys`, { id });
  });
}

async function attempt(log: Log, what: string, operation: () => Promise<void>): Promise<void> {
  try {
    await operation();
  } catch (error) {
    const happened = error instanceof TidyingTimeOutError ? error.message : happenedIn(error);
    log.warning('report.left', `In Qualys ${what}: ${happened} ${AFTERWARDS}`);
  }
}
