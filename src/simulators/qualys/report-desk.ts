import type { ListedReport } from './documents.ts';
import type { Timeline } from './simulator-options.ts';

/** What is to be different about a report that is there. */
export interface ReportChanges {
  readonly title?: string;
  readonly launched?: Date;
  readonly user?: string;
  readonly format?: string;
  /** It is deleted when somebody wants to fetch it. */
  readonly vanishes?: boolean;
}

interface Report extends Required<ReportChanges> {
  readonly id: string;
  readonly templateId: string;
  looks: number;
  fetches: number;
  canceled: boolean;
}

/** The reports of the simulated account, each going its way look by look. */
export class ReportDesk {
  readonly #timeline: Timeline;
  readonly #user: string;
  readonly #reports = new Map<string, Report>();
  #launches = 0;
  #deletes = 0;

  /** @param user whose account it is */
  constructor(timeline: Timeline, user: string) {
    this.#timeline = timeline;
    this.#user = user;
  }

  get launches(): number {
    return this.#launches;
  }

  get deletes(): number {
    return this.#deletes;
  }

  /** Ids of the reports that are not deleted. */
  alive(): string[] {
    return [...this.#reports.keys()];
  }

  /** Returns the new report's id. */
  launch(templateId: string, title: string): string {
    this.#launches++;
    const id = String(4_888_000 + this.#launches);
    this.#reports.set(id, {
      id,
      title,
      templateId,
      launched: new Date(),
      user: this.#user,
      format: 'XML',
      vanishes: false,
      looks: 0,
      fetches: 0,
      canceled: false,
    });
    return id;
  }

  /** Changes a report that is not deleted. */
  change(id: string, changes: ReportChanges): void {
    const report = this.#reports.get(id);
    if (report) this.#reports.set(id, { ...report, ...changes });
  }

  /** One look at the list; reports move on by it. */
  look(id: string | undefined): ListedReport[] {
    const looked = [...this.#reports.values()].filter((report) => id === undefined || report.id === id);
    return looked.flatMap((report) => {
      const state = this.#stateOf(report);
      const percent = state === 'Running' ? Math.min(99, report.looks * 10) : undefined;
      report.looks++;
      return state === undefined ? [] : [{ ...report, state, percent }];
    });
  }

  /** The template of a report that may be fetched now; undefined for 7001. */
  fetch(id: string): string | undefined {
    if (this.#reports.get(id)?.vanishes === true) this.#reports.delete(id);
    const report = this.#reports.get(id);
    if (report === undefined || this.#stateOf(report) !== 'Finished') return undefined;
    return report.fetches++ < (this.#timeline.unfetchable ?? 0) ? undefined : report.templateId;
  }

  /** False where there is nothing running of that id. */
  cancel(id: string): boolean {
    const report = this.#reports.get(id);
    if (report === undefined || /Finished|Errors|Canceled/.test(this.#stateOf(report) ?? '')) return false;
    report.canceled = true;
    return true;
  }

  delete(id: string): boolean {
    if (!this.#reports.delete(id)) return false;
    this.#deletes++;
    return true;
  }

  /** Undefined while the list does not show it. */
  #stateOf({ looks, canceled }: Report): string | undefined {
    const { absent = 0, submitted = 0, running = 0, end = 'Finished' } = this.#timeline;
    if (canceled) return 'Canceled';
    if (looks < absent) return undefined;
    if (looks < absent + submitted) return 'Submitted';
    return looks < absent + submitted + running ? 'Running' : end;
  }
}
