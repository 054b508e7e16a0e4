import type { Timeline } from './simulator-options.ts';
import type { ListedReport } from './documents.ts';

interface Report {
  readonly id: string;
  readonly title: string;
  readonly templateId: string;
  readonly launched: Date;
  looks: number;
  fetches: number;
  canceled: boolean;
}

/** The reports of the simulated account, each going its way look by look. */
export interface ReportDesk {
  launch(templateId: string, title: string): string;
  /** One look at the list; reports move on by it. */
  look(id: string | undefined): ListedReport[];
  /** The template of a report that may be fetched now; undefined for 7001. */
  fetch(id: string): string | undefined;
  /** False where there is nothing running of that id. */
  cancel(id: string): boolean;
  delete(id: string): boolean;
  /** Ids of the reports that are not deleted. */
  alive(): string[];
  readonly launches: number;
  readonly deletes: number;
}

export function openReportDesk(timeline: Timeline): ReportDesk {
  const reports = new Map<string, Report>();
  let launches = 0;
  let deletes = 0;
  const running = (report: Report): boolean =>
    !/Finished|Errors|Canceled/.test(stateOf(report, timeline) ?? '');
  return {
    launch(templateId, title) {
      launches++;
      const id = String(4_888_000 + launches);
      reports.set(id, { id, title, templateId, launched: new Date(), looks: 0, fetches: 0, canceled: false });
      return id;
    },
    look(id) {
      return [...reports.values()]
        .filter((report) => id === undefined || report.id === id)
        .flatMap((report) => {
          const state = stateOf(report, timeline);
          const percent = state === 'Running' ? Math.min(99, report.looks * 10) : undefined;
          report.looks++;
          return state === undefined ? [] : [{ ...report, state, percent }];
        });
    },
    fetch(id) {
      const report = reports.get(id);
      if (report === undefined || stateOf(report, timeline) !== 'Finished') return undefined;
      return report.fetches++ < (timeline.unfetchable ?? 0) ? undefined : report.templateId;
    },
    cancel(id) {
      const report = reports.get(id);
      if (report === undefined || !running(report)) return false;
      report.canceled = true;
      return true;
    },
    delete(id) {
      if (!reports.delete(id)) return false;
      deletes++;
      return true;
    },
    alive: () => [...reports.keys()],
    get launches() {
      return launches;
    },
    get deletes() {
      return deletes;
    },
  };
}

/** Undefined while the list does not show it. */
function stateOf({ looks, canceled }: Report, timeline: Timeline): string | undefined {
  const { absent = 0, submitted = 0, running = 0, end = 'Finished' } = timeline;
  if (canceled) return 'Canceled';
  if (looks < absent) return undefined;
  if (looks < absent + submitted) return 'Submitted';
  return looks < absent + submitted + running ? 'Running' : end;
}
