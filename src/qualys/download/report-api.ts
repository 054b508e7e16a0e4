import { type Clock, withinTime } from '../../clock.ts';
import type { Log } from '../../log/log.ts';
import type { QualysAccess } from '../access.ts';
import type { Answer } from '../answers/answer.ts';
import { ask, originOf } from '../answers/ask.ts';
import { reportCall } from '../answers/report-call.ts';
import type { QualysConnection } from '../connection/connection.ts';
import { QualysConnectionLostError } from '../connection/errors.ts';
import type { Peer } from '../connection/peer.ts';
import type { DownloadWatch, QualysCall } from '../connection/call.ts';
import { TransientError } from '../retry/transient.ts';
import type { Spool } from '../spool/spool.ts';
import { type ListedReport, readReportList } from './listed-report.ts';
import { scopeForm } from '../scope.ts';
import { receiveReport } from './receive.ts';
import { refusedReport } from './refused-report.ts';
import { ReportNotFetchableError } from './errors.ts';

/** Qualys' number for a report that cannot be fetched, yet or ever. */
export const NOT_FETCHABLE = 7001;
/** Seconds without a byte: launching, listing and fetching may take their time. */
const SILENCE = 300;
/** Seconds for the whole of canceling or deleting, and how often it is worth trying where no answer comes. */
const TIDY_LIMIT = 10;
const TIDY_TRIES = 3;

/** What the calls are made with. */
export interface ReportApiMeans {
  readonly access: QualysAccess;
  readonly connection: QualysConnection;
  readonly clock: Clock;
  readonly log: Log;
}

/** A launch on its way: whether Qualys may have got the request. */
export interface LaunchRequest {
  sent: boolean;
}

/**
 * The calls of `/api/<version>/fo/report/`, in a version that Qualys serves. Each is one request, or one for each
 * version that is not served; throws TransientError or a ConnectorError.
 */
export class ReportApi {
  readonly #means: ReportApiMeans;

  constructor(means: ReportApiMeans) {
    this.#means = means;
  }

  /** @returns the report's id */
  async launch(title: string, signal: AbortSignal, request: LaunchRequest): Promise<string> {
    const { access } = this.#means;
    const { templateId } = access;
    const form = {
      action: 'launch',
      template_id: templateId,
      report_title: title,
      output_format: 'xml',
      ...scopeForm(access),
    };
    const doing = `launching the report of template ${templateId}`;
    const answer = await this.#speak((call) => {
      // What a version got that is not served has launched nothing.
      request.sent = false;
      const sent = (): void => {
        request.sent = true;
      };
      return this.#ask({ ...call(form), sent }, 'SIMPLE_RETURN', doing, signal);
    });
    const id = answer.items.get('ID');
    if (id === undefined || !/^\d{1,20}$/.test(id)) throw withoutId(this.#means.connection.server);
    return id;
  }

  /** All reports of the account, or the one of that id (an empty list if there is none). */
  async list(id: string | undefined, signal: AbortSignal): Promise<ListedReport[]> {
    const form = { action: 'list', ...(id === undefined ? {} : { id }) };
    const doing = 'looking at the list of reports';
    const answer = await this.#speak((call) => this.#ask(call(form), 'REPORT_LIST_OUTPUT', doing, signal));
    return readReportList(answer);
  }

  /** Whether Qualys lists the report. */
  async has(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.list(id, signal)).some((report) => report.id === id);
  }

  async fetch(id: string, spool: Spool, watch: DownloadWatch, signal: AbortSignal): Promise<void> {
    const { connection } = this.#means;
    await this.#speak(async (call) => {
      const response = await connection.call(call({ action: 'fetch', id }), signal, watch);
      const answer = await receiveReport(response, spool, signal);
      if (answer === undefined) return;
      if (answer.fault?.number === NOT_FETCHABLE) throw notYet(id, answer.fault.raw);
      const doing = `fetching the report ${id}`;
      throw refusedReport(answer, { ...originOf(connection, doing), versioned: true });
    });
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
    const { connection, clock } = this.#means;
    const limit = Math.min(seconds, TIDY_LIMIT);
    const late = (): Error => unanswered(connection.server, limit);
    await this.#speak((call) =>
      withinTime({ seconds: limit, signal, late, clock }, (limited) =>
        this.#ask(call(form), 'SIMPLE_RETURN', doing, limited),
      ),
    );
  }

  #ask(call: QualysCall, root: string, doing: string, signal: AbortSignal): Promise<Answer> {
    return ask(this.#means.connection, call, [root], doing, signal);
  }

  #speak<T>(operation: (call: (form: QualysForm) => QualysCall) => Promise<T>): Promise<T> {
    const { access, connection, log } = this.#means;
    return access.reportVersions.speak({ server: connection.server, log }, (version) =>
      operation((form) => reportCall(version, form, SILENCE)),
    );
  }
}

type QualysForm = Readonly<Record<string, string>>;

function notYet(id: string, said: string): TransientError {
  const last = new ReportNotFetchableError(id, said);
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
