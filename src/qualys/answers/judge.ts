import type { ConnectorError } from '../../connector-error.ts';
import type { Fault } from '../../xml/fault.ts';
import type { Answer } from './answer.ts';
import {
  QualysAccountBarredError,
  QualysAccountExpiredError,
  QualysApiNotAllowedError,
  QualysLoginRefusedError,
  QualysQuotaUsedUpError,
  QualysRequestRefusedError,
} from './errors.ts';
import { NotTheQualysApiError, QualysConnectionLostError } from '../connection/errors.ts';
import { oneLine } from '../../text/one-line.ts';
import { QualysFailingError } from '../download/errors.ts';
import { TransientError } from '../retry/transient.ts';

/** Where an answer came from, for the words of an error. */
export interface AnswerOrigin {
  /** host:port of the Qualys server. */
  readonly host: string;
  /** What was being done, e.g. `launching the report`. */
  readonly doing: string;
}

/** What to do about the accounts that Qualys does not serve, by its numbers (API guide, appendix on errors; clients' sources). */
const BARRED: Readonly<Record<number, string>> = {
  2002: 'Ask your Qualys manager to activate the user.',
  2003: 'Log in once to the Qualys web interface as this user and complete the registration.',
  2007: 'Ask your Qualys manager to allow the address that this machine (or its proxy) appears with.',
  2011: 'Use a user without SecurID (two factors) for the connector.',
};

/**
 * Lets a good answer pass. Throws TransientError for what may pass by itself and a ConnectorError for what does not.
 * The body counts first, since HTTP 200 is no sign of success and 409 no sign of throttling (observed).
 * @param expected names of root elements that are good
 */
export function judge(answer: Answer, expected: readonly string[], origin: AnswerOrigin): void {
  if (answer.fault) throw judgeFault(answer, answer.fault, origin);
  if (answer.status < 200 || answer.status >= 300) throw judgeStatus(answer, origin);
  if (answer.kind === 'empty') throw unsure(answer, origin, 'with an empty body');
  if (answer.kind !== 'xml') throw notXml(answer, origin);
  if (!answer.closed) throw unsure(answer, origin, 'with a document that breaks off');
  if (answer.root === undefined || !expected.includes(answer.root)) {
    throw new NotTheQualysApiError(
      origin.host,
      `it sent a document <${rootOf(answer)}> while ${origin.doing}`,
    );
  }
}

function judgeFault(answer: Answer, fault: Fault, { host, doing }: AnswerOrigin): Error {
  const said = saying(answer, fault);
  const passing = (
    last: ConnectorError,
    more: { maybeDone: boolean; longestPause?: number },
  ): TransientError =>
    new TransientError({ trouble: `Qualys answered ${said}`, last, number: fault.number, ...more });
  switch (fault.number) {
    case 1960:
      return passing(new QualysRequestRefusedError(doing, said), { maybeDone: false, longestPause: 30 });
    case 1965:
      return limited(answer, said);
    case 999:
    case 1981:
    case 1999:
      return passing(new QualysFailingError(said), { maybeDone: true });
    case 2000:
      return new QualysLoginRefusedError(host, said);
    case 2001:
      return new QualysAccountExpiredError(said);
    case 2012:
      return new QualysApiNotAllowedError(said, apiAdvice(doing));
    default: {
      const advice = BARRED[fault.number];
      if (advice !== undefined) return new QualysAccountBarredError(said, advice);
      return answer.status === 401
        ? new QualysLoginRefusedError(host, said)
        : new QualysRequestRefusedError(doing, said);
    }
  }
}

function judgeStatus(answer: Answer, origin: AnswerOrigin): Error {
  const { status } = answer;
  const said = saying(answer, undefined);
  if (status === 401) return new QualysLoginRefusedError(origin.host, said);
  if (status === 403) return new QualysApiNotAllowedError(said, apiAdvice(origin.doing));
  if (status === 429) return limited(answer, said);
  if (status === 408 || status >= 500) {
    const last = new QualysFailingError(said);
    return new TransientError({ trouble: `Qualys answered ${said}`, last, maybeDone: true });
  }
  if (status >= 300 && status < 400) {
    const location = answer.header('location') ?? '';
    const target = URL.canParse(location) ? new URL(location).host : 'another page';
    return new NotTheQualysApiError(origin.host, `it redirects to ${target} (HTTP ${status})`);
  }
  return new NotTheQualysApiError(origin.host, said);
}

function limited(answer: Answer, said: string): TransientError {
  const told = [
    answer.header('x-ratelimit-towait-sec'),
    answer.items.get('SECONDS_TO_WAIT'),
    answer.header('retry-after'),
  ];
  const waitSeconds = told.map(Number).find((seconds) => seconds > 0) ?? 60;
  return new TransientError({
    trouble: `Qualys answered ${said}`,
    last: new QualysQuotaUsedUpError(said, waitSeconds),
    maybeDone: false,
    waitSeconds,
    number: 1965,
  });
}

function unsure(answer: Answer, { host }: AnswerOrigin, how: string): TransientError {
  const last = new QualysConnectionLostError(host, `it answered HTTP ${answer.status} ${how}`);
  return new TransientError({
    trouble: `Qualys answered HTTP ${answer.status} ${how}.`,
    last,
    maybeDone: true,
    tries: 10,
  });
}

/** A page where XML should be: of a proxy, a login, or maintenance; worth a few tries only. */
function notXml(answer: Answer, { host }: AnswerOrigin): TransientError {
  const last = new NotTheQualysApiError(host, saying(answer, undefined));
  return new TransientError({
    trouble: `Qualys answered ${saying(answer, undefined)}`,
    last,
    maybeDone: true,
    tries: 4,
  });
}

/** Qualys' own words, raw, or what came in their place. */
function saying(answer: Answer, fault: Fault | undefined): string {
  if (fault) {
    const incident = answer.items.get('INCIDENT SIGNATURE');
    return `${fault.raw} (HTTP ${answer.status}${incident === undefined ? '' : `, incident signature ${oneLine(incident, 100)}`}).`;
  }
  const what =
    answer.kind === 'empty'
      ? 'with an empty body'
      : answer.kind === 'xml'
        ? `with a document <${rootOf(answer)}>`
        : `with a ${answer.kind === 'html' ? 'web page' : 'text'} "${answer.excerpt}"`;
  return `HTTP ${answer.status} ${what}.`;
}

function rootOf({ root = '' }: Answer): string {
  return oneLine(root, 100);
}

function apiAdvice(doing: string): string {
  return doing.includes('api: v1')
    ? 'Ask your Qualys manager to allow API access for this user.'
    : 'Ask your Qualys manager to allow API access for this user, or try "api: v1" in the YAML.';
}
