import type { Fault } from '../../xml/fault.ts';
import type { Answer } from './answer.ts';
import {
  QualysAccountBarredError,
  QualysAccountExpiredError,
  QualysApiNotAllowedError,
  QualysFailingError,
  QualysLoginRefusedError,
  QualysQuotaUsedUpError,
  QualysRequestRefusedError,
  QualysValueRefusedError,
} from './errors.ts';
import { NotTheQualysApiError, QualysConnectionLostError } from '../connection/errors.ts';
import type { Peer } from '../connection/peer.ts';
import { TransientError } from '../retry/transient.ts';
import { saysVersionGone, VersionGoneError } from './version-gone.ts';

/** Where an answer came from, for the words of an error. */
export interface AnswerOrigin {
  readonly server: Peer;
  /** What was being done, e.g. `launching the report`. */
  readonly doing: string;
  /** Whether the call was made with an OAuth client's token. */
  readonly byToken: boolean;
  /** Whether the call's path names a version of the API. */
  readonly versioned?: boolean;
}

/** What to do about the accounts that Qualys does not serve, by its numbers (API guide, appendix on errors; clients' sources). */
const BARRED: Readonly<Record<number, string>> = {
  2002: 'Ask your Qualys manager to activate the user.',
  2003: 'Log in once to the Qualys web interface as this user, complete the registration and accept the terms of service; a user made for the API must do so too.',
  2007: 'Ask your Qualys manager to allow the address that this machine (or its proxy) appears with.',
  2011: 'Use a user without SecurID (two factors) for the connector.',
};

/** Such accounts have no password for the API. */
const SINGLE_SIGN_ON = /\b(?:SSO|SAML)\b|single sign/i;
const SINGLE_SIGN_ON_ADVICE =
  'This user logs in by single sign-on only: make an OAuth client in Qualys (My Profile, Auth ID Client Management) and set client_id in place of user_id, or ask your Qualys manager for a user without single sign-on.';

/**
 * Lets a good answer pass. Throws TransientError for what may pass by itself and a ConnectorError for what does not,
 * VersionGoneError for a version of the API that Qualys does not serve.
 * The body counts first, since HTTP 200 is no sign of success and 409 no sign of throttling (observed).
 * @param expected names of root elements that are good
 */
export function judge(answer: Answer, expected: readonly string[], origin: AnswerOrigin): void {
  if (origin.versioned && saysVersionGone(answer)) throw new VersionGoneError(saying(answer, answer.fault));
  if (answer.fault) throw judgeFault(answer, answer.fault, origin);
  if (answer.status < 200 || answer.status >= 300) throw judgeStatus(answer, origin);
  if (answer.kind === 'empty') throw unsure(answer, origin, 'with an empty body');
  if (answer.kind !== 'xml') throw notXml(answer, origin);
  if (!answer.closed) throw unsure(answer, origin, 'with a document that breaks off');
  if (answer.root === undefined || !expected.includes(answer.root)) {
    const said = `it sent a document <${rootOf(answer)}> while ${origin.doing}`;
    throw new NotTheQualysApiError(origin.server, said);
  }
}

function judgeFault(answer: Answer, fault: Fault, { server, doing, byToken }: AnswerOrigin): Error {
  const said = saying(answer, fault);
  const { number } = fault;
  switch (number) {
    case 1960:
      return new TransientError(new QualysRequestRefusedError(doing, said), {
        maybeDone: false,
        longestPause: 30,
        number,
      });
    case 1965:
      return limited(answer, said);
    case 999:
    case 1981:
    case 1999:
      return new TransientError(new QualysFailingError(said), { maybeDone: true, number, sameAgain: true });
    case 2000:
      return new QualysLoginRefusedError(server.name, plain(answer, fault), byToken);
    case 2001:
      return new QualysAccountExpiredError(said);
    case 2012:
      return new QualysApiNotAllowedError(said, apiAdvice(doing));
    default: {
      if (SINGLE_SIGN_ON.test(fault.text)) return new QualysAccountBarredError(said, SINGLE_SIGN_ON_ADVICE);
      const advice = BARRED[number];
      if (advice !== undefined) return new QualysAccountBarredError(said, advice);
      if (number === 1905) return new QualysValueRefusedError(doing, said);
      return answer.status === 401
        ? new QualysLoginRefusedError(server.name, plain(answer, fault), byToken)
        : new QualysRequestRefusedError(doing, said);
    }
  }
}

function judgeStatus(answer: Answer, origin: AnswerOrigin): Error {
  const { status } = answer;
  const said = saying(answer, undefined);
  if (status === 401) return new QualysLoginRefusedError(origin.server.name, said, origin.byToken);
  if (status === 403) return new QualysApiNotAllowedError(said, apiAdvice(origin.doing));
  if (status === 429) return limited(answer, said);
  if (status === 408 || status >= 500) {
    const timedOut = status === 408 || status === 504;
    return new TransientError(new QualysFailingError(said), {
      maybeDone: true,
      timedOut,
      sameAgain: !timedOut,
    });
  }
  if (status >= 300 && status < 400) {
    const location = answer.header('location') ?? '';
    const target = URL.canParse(location) ? answer.shown(new URL(location).host, 100) : 'another page';
    return new NotTheQualysApiError(origin.server, `it redirects to ${target} (HTTP ${status})`);
  }
  return new NotTheQualysApiError(origin.server, said);
}

function limited(answer: Answer, said: string): TransientError {
  const told = [
    answer.header('x-ratelimit-towait-sec'),
    answer.items.get('SECONDS_TO_WAIT'),
    answer.header('retry-after'),
  ];
  const waitSeconds = told.map(Number).find((seconds) => seconds > 0) ?? 60;
  const last = new QualysQuotaUsedUpError(said, waitSeconds);
  return new TransientError(last, { maybeDone: false, waitSeconds, number: 1965 });
}

function unsure(answer: Answer, { server }: AnswerOrigin, how: string): TransientError {
  const last = new QualysConnectionLostError(server, `it answered HTTP ${answer.status} ${how}`);
  return new TransientError(last, { maybeDone: true, tries: 10 });
}

/** A page where XML should be: of a proxy, a login, or maintenance; worth a few tries only. */
function notXml(answer: Answer, { server }: AnswerOrigin): TransientError {
  const last = new NotTheQualysApiError(server, saying(answer, undefined));
  return new TransientError(last, { maybeDone: true, tries: 4 });
}

/** Qualys' own words in a sentence: what everybody meets once. */
function plain({ status }: Answer, { number, text }: Fault): string {
  return `it said "${text}" (its code ${number}, HTTP ${status})`;
}

/** Qualys' own words, raw, or what came in their place; no sentence yet. */
function saying(answer: Answer, fault: Fault | undefined): string {
  if (fault) {
    const incident = answer.items.get('INCIDENT SIGNATURE');
    return `${fault.raw} (HTTP ${answer.status}${incident === undefined ? '' : `, incident signature ${answer.shown(incident, 100)}`})`;
  }
  const what =
    answer.kind === 'empty'
      ? 'with an empty body'
      : answer.kind === 'xml'
        ? `with a document <${rootOf(answer)}>`
        : `with a ${answer.kind === 'html' ? 'web page' : 'text'} "${answer.excerpt}"`;
  return `HTTP ${answer.status} ${what}`;
}

function rootOf(answer: Answer): string {
  return answer.shown(answer.root ?? '', 100);
}

function apiAdvice(doing: string): string {
  return doing.includes('api: v1')
    ? 'Ask your Qualys manager to allow API access for this user (Users, Edit, User Role).'
    : 'Ask your Qualys manager to allow API access for this user (Users, Edit, User Role), or the OAuth client the use of VM; or try "api: v1" in the YAML.';
}
