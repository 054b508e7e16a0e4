import { type Dispatcher, request } from 'undici';
import type { Log } from '../../log/log.ts';
import { NAME, VERSION } from '../../version.ts';
import type { Clock } from '../../clock.ts';
import type { QualysAccess } from '../qualys-access.ts';
import { TransientError } from '../retry/transient.ts';
import { openLine } from './dispatcher.ts';
import { QualysConnectionLostError } from './errors.ts';
import { explainNetworkError } from './explain.ts';
import { findProxy } from './proxy-setting.ts';
import type { DownloadWatch, QualysCall, QualysResponse } from './qualys-call.ts';
import { readableResponse } from './response-body.ts';
import { guardSilence, type SilenceGuard } from './silence-guard.ts';
import { trustAuthorities } from './trusted-authorities.ts';

/** The way to Qualys of one run: one call at a time. */
export interface QualysConnection {
  /** host:port of the Qualys server. */
  readonly host: string;
  /** host:port of the proxy, once a call has taken the way through it. */
  readonly proxy: string | undefined;
  /** Makes one call; throws TransientError, a ConnectorError, or the signal's reason. */
  call(call: QualysCall, signal: AbortSignal, download?: DownloadWatch): Promise<QualysResponse>;
  close(): Promise<void>;
}

export interface ConnectionContext {
  readonly log: Log;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** Opens nothing yet; reads the proxy's settings and the file of authorities. Throws a ConnectorError for these. */
export function openConnection(access: QualysAccess, context: ConnectionContext): QualysConnection {
  const { log, clock, env } = context;
  const { origin, host } = new URL(access.qualysServer);
  const proxy = findProxy(access, env);
  const line = openLine(proxy, trustAuthorities(access.qualysCa));
  const headers = standingHeaders(access);
  let reached = false;
  return {
    host,
    get proxy() {
      return line.proxyUsed ? proxy?.name : undefined;
    },
    async call(call, signal, download) {
      signal.throwIfAborted();
      const guard = guardSilence(clock, call.silence, signal);
      const explain = (error: unknown): unknown => {
        if (signal.aborted) return signal.reason;
        return guard.broken ? silent(host, guard) : explainNetworkError(error, { host, proxy, reached });
      };
      try {
        const sent = request(`${origin}${call.path}`, {
          ...asRequest(call, headers),
          dispatcher: line.dispatcher,
          signal: guard.signal,
        });
        const response = readableResponse(await orAborted(sent, guard.signal), { guard, download, explain });
        reached = true;
        tellQuota((name) => response.header(name), log);
        return response;
      } catch (error) {
        guard.end();
        // Else the next call would wait for the same connection, which may never come into being.
        if (guard.broken) line.redial();
        throw explain(error);
      }
    },
    close: () => line.hangUp(),
  };
}

function standingHeaders(access: QualysAccess): Record<string, string> {
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
): Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> {
  if (form === undefined) return { method, headers, body: null };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
}

function silent(host: string, guard: SilenceGuard): TransientError {
  const why = `nothing came for ${guard.seconds} seconds`;
  const last = new QualysConnectionLostError(host, why);
  return new TransientError({ trouble: `${host} fell silent: ${why}.`, last, maybeDone: true });
}

/** The response, unless the signal is aborted first: undici itself lets an abort wait until there is a connection. */
export async function orAborted(
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

/** Logs the account's limits as the headers tell them; never X-Powered-By, which names the customer. */
export function tellQuota(header: (name: string) => string | undefined, log: Log): void {
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
