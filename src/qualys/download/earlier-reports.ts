/** Finished reports that earlier runs of ours have left in Qualys since their data was not delivered: reuse_minutes. */
import { createHash } from 'node:crypto';
import { AlreadyRunningError, acquireRunLock, type RunLock } from '../../run-lock.ts';
import type { QualysAccess } from '../access.ts';
import { persist } from '../retry/persist.ts';
import { scopeForm } from '../scope.ts';
import type { ListedReport } from './listed-report.ts';
import type { ReportApi } from './report-api.ts';
import type { DownloadSession } from './session.ts';

/** What the titles of all launches of a template begin with. */
export function titleStart({ templateId }: QualysAccess): string {
  return `qualys-connector-${templateId.slice(0, 40)}-`;
}

/** What the titles of launches end with whose reports stay: the same for the same template and the same hosts. */
export function markOf(access: QualysAccess): string {
  const launched = JSON.stringify([access.templateId, scopeForm(access)]);
  return createHash('sha256').update(launched).digest('hex').slice(0, 16);
}

/** Reports that this run has for itself, on this host. */
export class ClaimedReports {
  readonly #locks = new Map<string, RunLock>();
  readonly #session: DownloadSession;

  constructor(session: DownloadSession) {
    this.#session = session;
  }

  /** @returns whether no other run on this host is at work on the report of that title */
  async claim(title: string): Promise<boolean> {
    // A launch whose answer was lost has made two of one title.
    if (this.#locks.has(title)) return true;
    const { budget, log } = this.#session;
    const { signal, clock } = budget;
    const options = { wait: undefined, signal, log, clock };
    try {
      this.#locks.set(title, await acquireRunLock(`report ${title} in Qualys`, options));
      return true;
    } catch (error) {
      if (error instanceof AlreadyRunningError) return false;
      throw error;
    }
  }

  /** Does no harm a second time. */
  release(): void {
    for (const lock of this.#locks.values()) lock.release();
    this.#locks.clear();
  }

  /** Finished reports of earlier runs for the same template and hosts, the youngest first. */
  async claimEarlier(api: ReportApi): Promise<ListedReport[]> {
    const session = this.#session;
    const doing = 'looking for a report of an earlier run';
    session.doing(doing);
    const listed = await persist(session, doing, () => api.list(undefined, session.budget.signal));
    const claimed: ListedReport[] = [];
    for (const report of listed.filter((one) => isOurs(one, session.access))) {
      if (await this.claim(report.title)) claimed.push(report);
    }
    return claimed.sort((one, other) => one.minutes - other.minutes);
  }
}

/** Whatever the title says, what somebody else launched, or has made of it, is not ours. */
function isOurs({ title, state, format, user, minutes }: ListedReport, access: QualysAccess): boolean {
  const { login } = access;
  return (
    title.startsWith(titleStart(access)) &&
    /^\d{8}T\d{6}Z-[\da-f]{8}-[\da-f]{16}$/.test(title.slice(titleStart(access).length)) &&
    title.endsWith(`-${markOf(access)}`) &&
    state.toLowerCase() === 'finished' &&
    format.toLowerCase() === 'xml' &&
    (login.kind !== 'user' || user === '' || user.toLowerCase() === login.name.toLowerCase()) &&
    minutes >= 0
  );
}
