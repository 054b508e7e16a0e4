import { type Dispatcher, request } from 'undici';
import type { Log } from '../../log/log.ts';
import { oneLine } from '../../text/one-line.ts';
import { NAME, VERSION } from '../../version.ts';
import type { Clock } from '../../clock.ts';
import type { QualysAccount } from '../access.ts';
import { TransientError } from '../retry/transient.ts';
import { openDispatchers } from './dispatcher.ts';
import { NotAnApiHostError, QualysConnectionLostError } from './errors.ts';
import { explainNetworkError } from './explain.ts';
import { type Peer, peerOf } from './peer.ts';
import { apiHostInsteadOf } from './platforms.ts';
import { findProxy } from './proxy.ts';
import type { DownloadWatch, QualysCall, QualysResponse } from './call.ts';
import { readableResponse } from './response-body.ts';
import { guardSilence, type SilenceGuard } from './silence-guard.ts';
import { trustAuthorities } from './trusted-authorities.ts';
import { makeVeil } from './veil.ts';
import { watchSending } from './watch-sending.ts';

/** The way to Qualys of one run: one call at a time. */
export interface QualysConnection {
  readonly server: Peer;
  /** The proxy, once a call has taken the way through it. */
  readonly proxy: Peer | undefined;
  /** Makes one call; throws TransientError, a ConnectorError, or the signal's reason. */
  call(call: QualysCall, signal: AbortSignal, download?: DownloadWatch): Promise<QualysResponse>;
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
 * @throws ProxyUrlInvalidError, AuthorityFileUnusableError
 */
export function openConnection(access: QualysAccount, context: ConnectionContext): QualysConnection {
  const { log, clock, env } = context;
  const url = new URL(access.qualysServer);
  const instead = apiHostInsteadOf(url.hostname);
  if (instead !== undefined) throw new NotAnApiHostError(url.hostname, instead);
  const server = peerOf(url);
  const proxy = findProxy(access, env);
  const dispatchers = openDispatchers(proxy, trustAuthorities(access.qualysCa));
  const standing = standingHeaders(access);
  const veil = makeVeil([
    { user: access.userId, password: access.password.reveal() },
    ...(proxy?.logins ?? []),
  ]);
  let reached = false;
  return {
    server,
    get proxy() {
      return dispatchers.proxyUsed ? proxy?.peer : undefined;
    },
    async call(call, signal, download) {
      signal.throwIfAborted();
      const guard = guardSilence(clock, call.silence, signal);
      const explain = (error: unknown): unknown => {
        if (signal.aborted) return signal.reason;
        return guard.broken ? silent(server, guard) : explainNetworkError(error, { server, proxy, reached });
      };
      const asked = asRequest(call, standing);
      const unwatch = asked.body && call.sent && watchSending(asked.body, call.sent);
      try {
        const answer = request(`${url.origin}${call.path}`, {
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
        reached = true;
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
    },
    close: () => dispatchers.close(),
  };
}

function standingHeaders(access: QualysAccount): Record<string, string> {
  const credentials = Buffer.from(`${access.userId}:${access.password.reveal()}`, 'utf8');
  return {
    authorization: `Basic ${credentials.toString('base64')}`,
    'user-agent': `${NAME}/${VERSION}`,
    'x-requested-with': NAME,
    'accept-encoding': 'gzip',
    accept: '*/*',
  };
}

function asRequest(
  { method, form }: QualysCall,
  headers: Record<string, string>,
): Pick<Dispatcher.RequestOptions, 'method' | 'headers'> & { body: Buffer | null } {
  if (form === undefined) return { method, headers, body: null };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
  };
}

function silent(server: Peer, guard: SilenceGuard): TransientError {
  const last = new QualysConnectionLostError(server, `nothing came for ${guard.seconds} seconds`);
  return new TransientError(last, { maybeDone: true });
}

/** The response, unless the signal is aborted first: undici itself lets an abort wait until there is a connection. */
async function orAborted(
  response: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const listening = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      reject(new Error('aborted'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { signal: listening.signal });
  });
  try {
    return await Promise.race([response, aborted]);
  } catch (error) {
    response.then(({ body }) => body.destroy()).catch(() => undefined);
    throw error;
  } finally {
    listening.abort();
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
