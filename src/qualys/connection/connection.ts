import { type Dispatcher, request } from 'undici';
import type { Log } from '../../log/log.ts';
import { oneLine } from '../../text/one-line.ts';
import { NAME, VERSION } from '../../version.ts';
import type { Clock } from '../../clock.ts';
import type { QualysAccount } from '../access.ts';
import { TransientError } from '../retry/transient.ts';
import { openDispatchers } from './dispatcher.ts';
import { GatewayUnknownError, NotAnApiHostError, QualysConnectionLostError } from './errors.ts';
import { explainNetworkError } from './explain.ts';
import { type Peer, peerOf } from './peer.ts';
import { apiHostInsteadOf, gatewayOf } from './platforms.ts';
import { findProxy } from './proxy.ts';
import type { DownloadWatch, QualysCall, QualysResponse } from './call.ts';
import { readableResponse } from './response-body.ts';
import { guardSilence, type SilenceGuard } from './silence-guard.ts';
import { trustAuthorities } from './trusted-authorities.ts';
import { type AskGateway, type Token, tokenFor, type TokenStore } from './token.ts';
import { makeVeil, type Veil } from './veil.ts';
import { watchSending } from './watch-sending.ts';

/** The way to Qualys of one run: one call at a time. */
export interface QualysConnection {
  readonly server: Peer;
  /** What gives tokens to an OAuth client; undefined for a user. */
  readonly gateway: Peer | undefined;
  /** The proxy, once a call has taken the way through it. */
  readonly proxy: Peer | undefined;
  /** Makes one call; throws TransientError, a ConnectorError, or the signal's reason. */
  call(call: QualysCall, signal: AbortSignal, download?: DownloadWatch): Promise<QualysResponse>;
  /** The token of an OAuth client, fetched where none is held; undefined for a user. Throws as `call` does. */
  token(signal: AbortSignal): Promise<Token | undefined>;
  close(): Promise<void>;
}

export interface ConnectionContext {
  readonly log: Log;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Opens nothing yet; reads the proxy's settings and the file of authorities.
 * @throws NotAnApiHostError when the server is a platform's web interface or gateway
 * @throws GatewayUnknownError, ProxyUrlInvalidError, AuthorityFileUnusableError
 */
export function openConnection(account: QualysAccount, context: ConnectionContext): QualysConnection {
  const { log, clock, env } = context;
  const { login, tokens } = account;
  const url = new URL(account.qualysServer);
  const instead = apiHostInsteadOf(url.hostname);
  if (instead !== undefined) throw new NotAnApiHostError(url.hostname, instead);
  const api = targetOf(url, 'qualys_server');
  const gateway = login.kind === 'client' ? gatewayFor(account, url) : undefined;
  const proxy = findProxy(account, env);
  const dispatchers = openDispatchers(proxy, trustAuthorities(account.qualysCa));
  const hidden = [{ user: login.name, password: login.secret.reveal() }, ...(proxy?.logins ?? [])];
  const veil = veilWithToken(makeVeil(hidden), tokens);
  const reached = new Set<Target>();

  async function exchange(
    target: Target,
    headers: Readonly<Record<string, string>>,
    call: QualysCall,
    signal: AbortSignal,
    download?: DownloadWatch,
  ): Promise<QualysResponse> {
    const { server, origin } = target;
    signal.throwIfAborted();
    const guard = guardSilence(clock, call.silence, signal);
    const explain = (error: unknown): unknown => {
      if (signal.aborted) return signal.reason;
      if (guard.broken) return silent(server, guard);
      return explainNetworkError(error, { server, proxy, reached: reached.has(target) });
    };
    const asked = asRequest(call, { ...STANDING_HEADERS, ...headers });
    const unwatch = asked.body && call.sent && watchSending(asked.body, call.sent);
    try {
      const answer = request(`${origin}${call.path}`, {
        ...asked,
        dispatcher: dispatchers.current,
        signal: guard.signal,
      });
      const response = readableResponse(await orAborted(answer, guard.signal), {
        guard,
        download,
        explain,
        veil,
      });
      reached.add(target);
      tellQuota((name) => shownHeader(response, name), log);
      return response;
    } catch (error) {
      guard.end();
      // Else the next call would wait for the same connection, which may never come into being.
      if (guard.signal.aborted) dispatchers.reconnect();
      throw explain(error);
    } finally {
      unwatch?.();
    }
  }

  /** Such as the next call is to be made with. */
  async function token(signal: AbortSignal): Promise<Token | undefined> {
    if (login.kind === 'user' || gateway === undefined) return undefined;
    const askGateway: AskGateway = (call, headers, limit) => exchange(gateway, headers, call, limit);
    return tokenFor(tokens, { login, gateway: gateway.server, clock }, askGateway, signal);
  }

  const basic = Buffer.from(`${login.name}:${login.secret.reveal()}`, 'utf8').toString('base64');
  const authorized = (held: Token | undefined) => ({
    authorization: held === undefined ? `Basic ${basic}` : `Bearer ${held.text}`,
  });

  return {
    server: api.server,
    gateway: gateway?.server,
    get proxy() {
      return dispatchers.proxyUsed ? proxy?.peer : undefined;
    },
    token,
    async call(call, signal, download) {
      signal.throwIfAborted();
      for (;;) {
        const held = await token(signal);
        const response = await exchange(api, authorized(held), call, signal, download);
        if (held === undefined) return response;
        if (response.status !== 401) {
          held.accepted = true;
          return response;
        }
        // Only a token that was taken before can have run out: the call did nothing and is made with a fresh one.
        if (!held.accepted) return response;
        await dismiss(response.body);
        tokens.token = undefined;
      }
    },
    close: () => dispatchers.close(),
  };
}

/** Where calls go: the API, or the gateway. */
interface Target {
  readonly server: Peer;
  readonly origin: string;
}

function targetOf(url: URL, setting: string): Target {
  return { server: peerOf(url, setting), origin: url.origin };
}

/** @throws GatewayUnknownError */
function gatewayFor({ gateway, qualysServer }: QualysAccount, api: URL): Target {
  const url = new URL(gateway ?? qualysServer);
  if (gateway === undefined) {
    const host = gatewayOf(api.hostname);
    if (host === undefined) throw new GatewayUnknownError(api.host);
    url.hostname = host;
  }
  return targetOf(url, 'gateway');
}

/** Characters of a token. */
const LONGEST_PATTERN = 2_048;

/** Each token of the run is one more secret, in whichever form it comes back, also when it has been renewed. */
function veilWithToken(veil: Veil, tokens: TokenStore): Veil {
  const veils = new Map<string, Veil>();
  return (text) => {
    const token = tokens.token?.text;
    if (token !== undefined && !veils.has(token)) veils.set(token, veilOfToken(token));
    return veil([...veils.values()].reduce((hidden, hide) => hide(hidden), text));
  };
}

function veilOfToken(token: string): Veil {
  // In all its forms a longer one makes a pattern that is too large.
  if (token.length > LONGEST_PATTERN) return (text) => text.replaceAll(token, '***');
  return makeVeil([{ user: '', password: token }]);
}

async function dismiss(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of body) if (chunk.length > 0) break;
}

const STANDING_HEADERS = {
  'user-agent': `${NAME}/${VERSION}`,
  'x-requested-with': NAME,
  'accept-encoding': 'gzip',
  accept: '*/*',
};

function asRequest(
  { method, form, xml }: QualysCall,
  headers: Record<string, string>,
): Pick<Dispatcher.RequestOptions, 'method' | 'headers'> & { body: Buffer | null } {
  if (xml !== undefined) {
    return { method, headers: { ...headers, 'content-type': 'text/xml' }, body: Buffer.from(xml) };
  }
  if (form === undefined) return { method, headers, body: null };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
  };
}

function silent(server: Peer, guard: SilenceGuard): TransientError {
  const last = new QualysConnectionLostError(server, `nothing came for ${guard.seconds} seconds`);
  return new TransientError(last, { maybeDone: true, timedOut: true });
}

/** The response, unless the signal is aborted first: undici itself lets an abort wait until there is a connection. */
async function orAborted(
  response: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new Error('aborted'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([response, aborted]);
  } catch (error) {
    response.then(({ body }) => body.destroy()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function shownHeader(response: QualysResponse, name: string): string | undefined {
  const value = response.header(name);
  return value === undefined ? undefined : oneLine(response.veil(value), 40);
}

/** Logs the account's limits as the headers tell them; never X-Powered-By, which names the customer. */
function tellQuota(header: (name: string) => string | undefined, log: Log): void {
  const left = header('x-ratelimit-remaining');
  if (left === undefined) return;
  const limit = header('x-ratelimit-limit');
  log.debug('qualys.quota', `Qualys: ${left} calls left of ${limit ?? '?'}`, {
    left,
    limit,
    windowSeconds: header('x-ratelimit-window-sec'),
    running: header('x-concurrency-limit-running'),
    runningLimit: header('x-concurrency-limit-limit'),
  });
}
