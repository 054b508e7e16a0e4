import type { Answer } from '../answers/answer.ts';
import { childrenNamed, descendants, textOf, type XmlNode } from '../../xml/node.ts';

/** A line of Qualys' list of reports. */
export interface ListedReport {
  readonly id: string;
  readonly title: string;
  /** Submitted, Running, Finished, Errors, Canceled. */
  readonly state: string;
  readonly message: string;
  readonly percent: number | undefined;
}

const STATES = /^(submitted|running|finished|errors|canceled)$/i;

/** The reports in a REPORT_LIST_OUTPUT, which has no REPORT_LIST when there are none. */
export function readReportList(answer: Answer): ListedReport[] {
  return descendants(answer.document, 'REPORT').map((report) => readReport(report, answer));
}

function readReport(report: XmlNode, answer: Answer): ListedReport {
  const [status = {}] = childrenNamed(report, 'STATUS');
  const state = textOf(status, 'STATE');
  const percent = Number.parseInt(textOf(status, 'PERCENT'), 10);
  return {
    id: textOf(report, 'ID'),
    title: textOf(report, 'TITLE'),
    // What it is compared with must not be hidden, even where a user is called so.
    state: STATES.test(state) ? state : answer.shown(state, 40),
    message: answer.shown(textOf(status, 'MESSAGE'), 500),
    percent: Number.isNaN(percent) ? undefined : percent,
  };
}
