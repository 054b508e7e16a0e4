import { type Clock, withinTime } from '../../clock.ts';
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
/** Seconds without a byte: launching, listing and fetching may take their time. */
const SILENCE = 300;
/** Seconds for the whole of canceling or deleting, and how often it is worth trying where no answer comes. */
const TIDY_LIMIT = 10;
const TIDY_TRIES = 3;

/** The calls of `/api/<version>/fo/report/`. Each is one request; throws TransientError or a ConnectorError. */
export class ReportApi {
  readonly #connection: QualysConnection;
  readonly #path: string;
  readonly #clock: Clock;

  constructor(connection: QualysConnection, version: string, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.#path = `/api/${version}/fo/report/`;
  }

  /**
   * @param sent told when Qualys may have got the request
   * @returns the report's id
   */
  async launch(templateId: string, title: string, signal: AbortSignal, sent: () => void): Promise<string> {
    const form = { action: 'launch', template_id: templateId, report_title: title, output_format: 'xml' };
    const doing = `launching the report of template ${templateId}`;
    const call = { ...this.#call(form), sent };
    const answer = await ask(this.#connection, call, ['SIMPLE_RETURN'], doing, signal);
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
    const answer = await receiveReport(response, spool, signal);
    if (answer === undefined) return;
    if (answer.fault?.number === NOT_FETCHABLE) throw notYet(id, answer.fault.raw);
    throw refusedReport(answer, { server: this.#connection.server, doing: `fetching the report ${id}` });
  }

  /** @param seconds the most that it may take */
  async cancel(id: string, signal: AbortSignal, seconds: number): Promise<void> {
    await this.#tidy({ action: 'cancel', id }, `canceling the report ${id}`, signal, seconds);
  }

  async delete(id: string, signal: AbortSignal): Promise<void> {
    await this.#tidy({ action: 'delete', id }, `deleting the report ${id}`, signal, TIDY_LIMIT);
  }

  async #tidy(
    form: Record<string, string>,
    doing: string,
    signal: AbortSignal,
    seconds: number,
  ): Promise<void> {
    const connection = this.#connection;
    const limit = Math.min(seconds, TIDY_LIMIT);
    const late = (): Error => unanswered(connection.server, limit);
    await withinTime({ seconds: limit, signal, late, clock: this.#clock }, (limited) =>
      ask(connection, this.#call(form), ['SIMPLE_RETURN'], doing, limited),
    );
  }

  #call(form: Record<string, string>) {
    return { method: 'POST', path: this.#path, form, silence: SILENCE } as const;
  }
}

function notYet(id: string, said: string): TransientError {
  const last = new ReportNotFetchableError(id, `${said}.`);
  return new TransientError(last, { maybeDone: false, longestPause: 30, tries: 10, number: NOT_FETCHABLE });
}

function unanswered(server: Peer, seconds: number): TransientError {
  const last = new QualysConnectionLostError(server, `no whole answer came within ${seconds} seconds`);
  return new TransientError(last, { maybeDone: true, tries: TIDY_TRIES });
}

function withoutId(server: Peer): TransientError {
  const last = new QualysConnectionLostError(server, 'the answer to the launch names no report');
  return new TransientError(last, { maybeDone: true, tries: 5 });
}
