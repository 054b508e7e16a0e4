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
  /** XML, PDF and others. */
  readonly format: string;
  /** The login of who launched it; empty: Qualys does not tell. */
  readonly user: string;
  /** As Qualys writes it, e.g. 2026-01-31T02:00:00Z. */
  readonly launched: string;
  /** How long ago that was when Qualys answered, by Qualys' clock alone; NaN: it does not tell. */
  readonly minutes: number;
}

const STATES = /^(submitted|running|finished|errors|canceled)$/i;

/** The reports in a REPORT_LIST_OUTPUT, which has no REPORT_LIST when there are none. */
export function readReportList(answer: Answer): ListedReport[] {
  return descendants(answer.document, 'REPORT').map((report) => readReport(report, answer));
}

function readReport(report: XmlNode, answer: Answer): ListedReport {
  const [status = {}] = childrenNamed(report, 'STATUS');
  const state = textOf(status, 'STATE');
  const [response = {}] = descendants(answer.document, 'RESPONSE');
  const launched = textOf(report, 'LAUNCH_DATETIME');
  const percent = Number.parseInt(textOf(status, 'PERCENT'), 10);
  return {
    id: textOf(report, 'ID'),
    title: textOf(report, 'TITLE'),
    // What it is compared with must not be hidden, even where a user is called so.
    state: STATES.test(state) ? state : answer.shown(state, 40),
    message: answer.shown(textOf(status, 'MESSAGE'), 500),
    percent: Number.isNaN(percent) ? undefined : percent,
    format: textOf(report, 'OUTPUT_FORMAT'),
    user: textOf(report, 'USER_LOGIN'),
    launched,
    minutes: (Date.parse(textOf(response, 'DATETIME')) - Date.parse(launched)) / 60_000,
  };
}
