import { judge } from './judge.ts';
import { ask } from './ask.ts';
import type { DownloadWatch, QualysCall, QualysConnection } from './connection.ts';
import { QualysConnectionLost } from './network-errors.ts';
import { UnexpectedDocument, ReportNotFetchable } from './report-errors.ts';
import { receiveReport } from './receive-report.ts';
import type { Spool } from './spool.ts';
import { oneLine } from './one-line.ts';
import { Transient } from './transient.ts';
import { descendants, textOf, childrenNamed } from './xml-node.ts';
import type { Answer } from './answer.ts';

/** A line of Qualys' list of reports. */
export interface ListedReport {
  readonly id: string;
  readonly title: string;
  /** Submitted, Running, Finished, Errors, Canceled. */
  readonly state: string;
  readonly message: string;
  readonly percent: number | undefined;
}

/** The calls of `/api/<version>/fo/report/`. Each is one request; throws Transient or a ConnectorError. */
export interface ReportApi {
  /** Returns the report's id. */
  launch(templateId: string, title: string, signal: AbortSignal): Promise<string>;
  /** All reports of the account, or the one of that id (an empty list if there is none). */
  list(id: string | undefined, signal: AbortSignal): Promise<ListedReport[]>;
  fetch(id: string, spool: Spool, watch: DownloadWatch, signal: AbortSignal): Promise<void>;
  cancel(id: string, signal: AbortSignal): Promise<void>;
  delete(id: string, signal: AbortSignal): Promise<void>;
}

/** Qualys' number for a report that cannot be fetched, yet or ever. */
const NOT_FETCHABLE = 7001;
/** Seconds without a byte: launching, listing and fetching may take their time; canceling and deleting shall not. */
const SILENCE = 300;
const TIDY_SILENCE = 30;

export function reportApi(connection: QualysConnection, version: string): ReportApi {
  const path = `/api/${version}/fo/report/`;
  const call = (form: Record<string, string>, silence = SILENCE): QualysCall => ({
    method: 'POST',
    path,
    form,
    silence,
  });

  return {
    async launch(templateId, title, signal) {
      const form = {
        action: 'launch',
        template_id: templateId,
        report_title: title,
        output_format: 'xml',
      };
      const answer = await ask(
        connection,
        call(form),
        ['SIMPLE_RETURN'],
        `launching the report of template ${templateId}`,
        signal,
      );
      const id = answer.items.get('ID');
      if (id === undefined || !/^\d+$/.test(id)) throw withoutId(connection.host);
      return id;
    },

    async list(id, signal) {
      const form = { action: 'list', ...(id === undefined ? {} : { id }) };
      const answer = await ask(
        connection,
        call(form),
        ['REPORT_LIST_OUTPUT'],
        'looking at the list of reports',
        signal,
      );
      return descendants(answer.document, 'REPORT').map((report) => {
        const [status = {}] = childrenNamed(report, 'STATUS');
        const percent = Number.parseInt(textOf(status, 'PERCENT'), 10);
        return {
          id: textOf(report, 'ID'),
          title: textOf(report, 'TITLE'),
          state: oneLine(textOf(status, 'STATE'), 40),
          message: oneLine(textOf(status, 'MESSAGE'), 500),
          percent: Number.isNaN(percent) ? undefined : percent,
        };
      });
    },

    async fetch(id, spool, watch, signal) {
      const response = await connection.call(call({ action: 'fetch', id }), signal, watch);
      const answer = await receiveReport(response, spool);
      if (answer === undefined) return;
      if (answer.fault?.number === NOT_FETCHABLE) throw notYet(id, answer.fault.raw);
      throw refused(answer, connection.host, `fetching the report ${id}`);
    },

    async cancel(id, signal) {
      await ask(
        connection,
        call({ action: 'cancel', id }, TIDY_SILENCE),
        ['SIMPLE_RETURN'],
        `canceling the report ${id}`,
        signal,
      );
    },

    async delete(id, signal) {
      await ask(
        connection,
        call({ action: 'delete', id }, TIDY_SILENCE),
        ['SIMPLE_RETURN'],
        `deleting the report ${id}`,
        signal,
      );
    },
  };
}

/** The error in an answer that came in place of a report. */
export function refused(answer: Answer, host: string, doing: string): Error {
  const { status, kind, fault, root } = answer;
  const documentOfAnotherKind =
    status === 200 &&
    kind === 'xml' &&
    fault === undefined &&
    root !== 'SIMPLE_RETURN' &&
    root !== 'GENERIC_RETURN';
  if (documentOfAnotherKind) return new UnexpectedDocument(root ?? '');
  try {
    judge(answer, [], { host, doing });
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return new UnexpectedDocument(root ?? '');
}

function notYet(id: string, said: string): Transient {
  return new Transient({
    trouble: `The report ${id} cannot be fetched yet: ${said}.`,
    last: new ReportNotFetchable(id, `${said}.`),
    maybeDone: false,
    longestPause: 30,
    tries: 10,
    number: NOT_FETCHABLE,
  });
}

function withoutId(host: string): Transient {
  const last = new QualysConnectionLost(host, 'the answer to the launch names no report');
  return new Transient({ trouble: last.message, last, maybeDone: true, tries: 5 });
}
