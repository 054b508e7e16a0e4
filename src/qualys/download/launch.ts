import { randomBytes } from 'node:crypto';
import type { QualysAccess } from '../access.ts';
import type { DownloadSession } from './session.ts';
import { markOf, titleStart } from './earlier-reports.ts';
import { explainTemplate } from './explain-template.ts';
import { persist } from '../retry/persist.ts';
import type { ReportApi } from './report-api.ts';
import { TransientError } from '../retry/transient.ts';

/** The launching of one report, which may have happened although its answer was lost. */
export interface Launch {
  /** The report's title, which nobody else uses. */
  readonly title: string;
  /** Whether a launch got no answer and was not found in the list either: its report may still turn up. */
  readonly unsure: boolean;
  /** Launches the report unless that has happened; returns its id. */
  run(): Promise<string>;
}

/** How often the list must not show the title before a launch counts as not having happened: it may lag behind. */
const LOOKS = 3;

export function prepareLaunch(session: DownloadSession, api: ReportApi): Launch {
  const { access, budget } = session;
  const title = uniqueTitle(access, budget.clock.now());
  let looksLeft = 0;
  let lost = 0;
  let explained = false;

  async function attempt(): Promise<string> {
    for (; looksLeft > 0; looksLeft--) {
      const found = (await api.list(undefined, budget.signal)).find((report) => report.title === title);
      if (found) {
        lost--;
        return found.id;
      }
      if (looksLeft > 1) await budget.pause(5);
    }
    const request = { sent: false };
    try {
      return await api.launch(title, budget.signal, request);
    } catch (error) {
      const maybeDone = error instanceof TransientError ? error.maybeDone : budget.signal.aborted;
      if (request.sent && maybeDone) {
        lost++;
        looksLeft = LOOKS;
      }
      throw error;
    }
  }

  async function explain(error: unknown): Promise<never> {
    const better = explained ? undefined : await explainTemplate(session, error);
    explained = true;
    // Of such a template no report was made, whatever Qualys answered.
    if (better) lost = 0;
    throw better ?? error;
  }

  return {
    title,
    get unsure() {
      return lost > 0;
    },
    run: () => persist(session, 'launching the report', () => attempt().catch(explain)),
  };
}

/**
 * Fit for a title, a file name and a person: `qualys-connector-424242-20260131T020000Z-9f86d081`. With reuse_minutes its
 * mark stands behind it.
 */
function uniqueTitle(access: QualysAccess, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const mark = access.reuseMinutes > 0 ? `-${markOf(access)}` : '';
  return `${titleStart(access)}${time}-${randomBytes(4).toString('hex')}${mark}`;
}
