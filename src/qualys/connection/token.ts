import type { QualysLogin } from '../../config/qualys-login.ts';
import type { ConnectorError } from '../../connector-error.ts';
import type { Clock } from '../../clock.ts';
import { type Answer, readAnswer } from '../answers/answer.ts';
import { TransientError } from '../retry/transient.ts';
import type { QualysCall, QualysResponse } from './call.ts';
import { GatewayFailingError, NotTheGatewayError, OAuthClientRefusedError } from './errors.ts';
import type { Peer } from './peer.ts';
import { readSmall } from './read-small.ts';

type ClientLogin = Extract<QualysLogin, { kind: 'client' }>;

export interface Token {
  readonly text: string;
  /** Milliseconds of the monotonic clock at which it is to be renewed; undefined: only when it is refused. */
  readonly renewAt: number | undefined;
  /** Until when it holds, as far as it says. */
  readonly until: Date | undefined;
  /** Whether Qualys has taken it: only such a one can have run out. */
  accepted: boolean;
}

/** The token of a run, in memory only, and why there is none. */
export interface TokenStore {
  token?: Token | undefined;
  /** A refused secret is not tried again. */
  refused?: ConnectorError;
}

/** Gets a token at the gateway: makes that call with these headers. */
export type AskGateway = (
  call: QualysCall,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<QualysResponse>;

/** Seconds before its end at which a token is renewed, at most half of its time. */
const MARGIN = 60;
const SILENCE = 60;
/** Bytes of an answer with a token, and characters of a token: headers do not take more. */
const LONGEST_ANSWER = 65_536;
const LONGEST_TOKEN = 12_000;
const PATHS = { user: '/auth/oidc', subscription: '/auth/oauth' } as const;

/**
 * The token that is held, or a new one.
 * @throws OAuthClientRefusedError, NotTheGatewayError; TransientError for what may pass, with nothing done
 */
export async function tokenFor(
  store: TokenStore,
  { login, gateway, clock }: { readonly login: ClientLogin; readonly gateway: Peer; readonly clock: Clock },
  askGateway: AskGateway,
  signal: AbortSignal,
): Promise<Token> {
  if (store.refused) throw store.refused;
  const { token } = store;
  if (token && (token.renewAt === undefined || clock.monotonic() < token.renewAt)) return token;
  store.token = undefined;
  const asked = clock.monotonic();
  const call: QualysCall = { method: 'POST', path: PATHS[login.level], form: {}, silence: SILENCE };
  const headers = { clientId: inHeader(login.name), clientSecret: inHeader(login.secret.reveal()) };
  try {
    const response = await askGateway(call, headers, signal);
    const text = (await readSmall(response.body, LONGEST_ANSWER)).trim();
    store.token = readToken(response, text, clock, asked) ?? refuse(readAnswer(response, text), gateway);
    return store.token;
  } catch (error) {
    if (error instanceof OAuthClientRefusedError) store.refused = error;
    // The call that needed the token has not been made.
    if (error instanceof TransientError) {
      throw new TransientError(error.last, { maybeDone: false, tries: error.tries });
    }
    throw error;
  }
}

/** UTF-8, byte by byte, which is what headers carry. */
function inHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A JWT, alone (Qualys' guide) or as OAuth's `access_token`; undefined for anything else. */
function readToken({ status }: QualysResponse, text: string, clock: Clock, asked: number): Token | undefined {
  if (status < 200 || status >= 300) return undefined;
  const answer = fields(text);
  const token = typeof answer.access_token === 'string' ? answer.access_token : text;
  if (token.length > LONGEST_TOKEN || !/^[\w~+/-]{8,}(?:\.[\w~+/-]+)*=*$/.test(token)) return undefined;
  const { exp, iat } = fields(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  // By Qualys' own clock where it tells that: this machine's may be wrong.
  const seconds = isFinite(exp) ? exp - (isFinite(iat) ? iat : clock.now() / 1000) : answer.expires_in;
  if (!isFinite(seconds) || seconds <= 0) {
    return { text: token, renewAt: undefined, until: undefined, accepted: false };
  }
  const lasting = Math.min(seconds, 366 * 86_400);
  const renewAt = asked + (lasting - Math.min(MARGIN, lasting / 2)) * 1000;
  return { text: token, renewAt, until: new Date(clock.now() + lasting * 1000), accepted: false };
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function fields(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}

/** Throws what an answer without a token means. */
function refuse({ status, kind, excerpt }: Answer, gateway: Peer): never {
  const what =
    kind === 'empty' ? 'an empty body' : kind === 'html' ? `a web page "${excerpt}"` : `"${excerpt}"`;
  const good = status >= 200 && status < 300;
  // What a gateway answers with 200 may hold a token in a form that is not known: it is not shown.
  const said = `HTTP ${status} with ${good && kind !== 'html' && kind !== 'empty' ? 'what is no token' : what}`;
  if (status === 400 || status === 401 || status === 403) throw new OAuthClientRefusedError(gateway, said);
  if (status === 408 || status === 429 || status >= 500) {
    throw new TransientError(new GatewayFailingError(gateway, said), { maybeDone: false });
  }
  throw new NotTheGatewayError(gateway, said);
}
