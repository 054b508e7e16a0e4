import { ask } from '../answers/ask.ts';
import type { QualysConnection } from '../connection/connection.ts';
import { QualysConnectionLostError } from '../connection/errors.ts';
import type { Peer } from '../connection/peer.ts';
import type { DownloadWatch } from '../connection/call.ts';
import { TransientError } from '../retry/transient.ts';
import type { Spool } from '../spool/spool.ts';
import { type ListedReport, readReportList } from './listed-report.ts';
import { receiveReport } from './receive.ts';
import { refusedReport } from './refused-report.ts';
import { ReportNotFetchableError } from './errors.ts';

/** Qualys' number for a report that cannot be fetched, yet or ever. */
const NOT_FETCHABLE = 7001;
/** Seconds without a byte: launching, listing and fetching may take their time; canceling and deleting shall not. */
const SILENCE = 300;
const TIDY_SILENCE = 30;

/** The calls of `/api/<version>/fo/report/`. Each is one request; throws TransientError or a ConnectorError. */
export class ReportApi {
  readonly #connection: QualysConnection;
  readonly #path: string;

  constructor(connection: QualysConnection, version: string) {
    this.#connection = connection;
    this.#path = `/api/${version}/fo/report/`;
  }

  /** Returns the report's id. */
  async launch(templateId: string, title: string, signal: AbortSignal): Promise<string> {
    const form = { action: 'launch', template_id: templateId, report_title: title, output_format: 'xml' };
    const doing = `launching the report of template ${templateId}`;
    const answer = await ask(this.#connection, this.#call(form), ['SIMPLE_RETURN'], doing, signal);
    const id = answer.items.get('ID');
    if (id === undefined || !/^\d{1,20}$/.test(id)) throw withoutId(this.#connection.server);
    return id;
  }

  /** All reports of the account, or the one of that id (an empty list if there is none). */
  async list(id: string | undefined, signal: AbortSignal): Promise<ListedReport[]> {
    const form = { action: 'list', ...(id === undefined ? {} : { id }) };
    const doing = 'looking at the list of reports';
    const answer = await ask(this.#connection, this.#call(form), ['REPORT_LIST_OUTPUT'], doing, signal);
    return readReportList(answer);
  }

  async fetch(id: string, spool: Spool, watch: DownloadWatch, signal: AbortSignal): Promise<void> {
    const response = await this.#connection.call(this.#call({ action: 'fetch', id }), signal, watch);
    const answer = await receiveReport(response, spool);
    if (answer === undefined) return;
    if (answer.fault?.number === NOT_FETCHABLE) throw notYet(id, answer.fault.raw);
    throw refusedReport(answer, { server: this.#connection.server, doing: `fetching the report ${id}` });
  }

  async cancel(id: string, signal: AbortSignal): Promise<void> {
    const call = this.#call({ action: 'cancel', id }, TIDY_SILENCE);
    await ask(this.#connection, call, ['SIMPLE_RETURN'], `canceling the report ${id}`, signal);
  }

  async delete(id: string, signal: AbortSignal): Promise<void> {
    const call = this.#call({ action: 'delete', id }, TIDY_SILENCE);
    await ask(this.#connection, call, ['SIMPLE_RETURN'], `deleting the report ${id}`, signal);
  }

  #call(form: Record<string, string>, silence = SILENCE) {
    return { method: 'POST', path: this.#path, form, silence } as const;
  }
}

function notYet(id: string, said: string): TransientError {
  const last = new ReportNotFetchableError(id, `${said}.`);
  return new TransientError(last, { maybeDone: false, longestPause: 30, tries: 10, number: NOT_FETCHABLE });
}

function withoutId(server: Peer): TransientError {
  const last = new QualysConnectionLostError(server, 'the answer to the launch names no report');
  return new TransientError(last, { maybeDone: true, tries: 5 });
}
