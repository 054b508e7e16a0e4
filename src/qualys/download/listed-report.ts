import { oneLine } from '../../text/one-line.ts';
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

/** The reports in a REPORT_LIST_OUTPUT, which has no REPORT_LIST when there are none. */
export function readReportList(answer: Answer): ListedReport[] {
  return descendants(answer.document, 'REPORT').map(readReport);
}

function readReport(report: XmlNode): ListedReport {
  const [status = {}] = childrenNamed(report, 'STATUS');
  const percent = Number.parseInt(textOf(status, 'PERCENT'), 10);
  return {
    id: textOf(report, 'ID'),
    title: textOf(report, 'TITLE'),
    state: oneLine(textOf(status, 'STATE'), 40),
    message: oneLine(textOf(status, 'MESSAGE'), 500),
    percent: Number.isNaN(percent) ? undefined : percent,
  };
}
