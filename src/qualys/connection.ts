import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import type { Log } from '../log/log.ts';
import { NAME, VERSION } from '../version.ts';
import type { Clock } from './clock.ts';
import { makeDispatcher } from './dispatcher.ts';
import { QualysConnectionLost } from './network-errors.ts';
import { explainNetworkError } from './network-trouble.ts';
import { findProxy } from './proxy-setting.ts';
import type { QualysAccess } from './qualys-access.ts';
import { ReportCutOff } from './report-errors.ts';
import { type SilenceGuard, guardSilence } from './silence-guard.ts';
import { Transient } from './transient.ts';
import { trustAuthorities } from './trusted-authorities.ts';

/** One call of the API. */
export interface QualysCall {
  /** POST for what changes state; parameters in `form` then. */
  readonly method: 'GET' | 'POST';
  /** From the root, with the trailing slash that Qualys wants; a GET's query included. */
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  /** Seconds without a byte after which the call is given up. */
  readonly silence: number;
}

export interface QualysResponse {
  readonly status: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** Inflated; throws Transient when it breaks off. Must be read to the end or given up by `return`. */
  readonly body: AsyncIterableIterator<Buffer>;
}

/** Told of the bytes that came over the wire, and of how many there will be where Qualys says so. */
export type DownloadWatch = (bytes: number, total: number | undefined) => void;

/** The way to Qualys of one run: one call at a time. */
export interface QualysConnection {
  /** host:port of the Qualys server. */
  readonly host: string;
  /** host:port of the proxy, once a call has taken the way through it. */
  readonly proxy: string | undefined;
  /** Makes one call; throws Transient, a ConnectorError, or the signal's reason. */
  call(call: QualysCall, signal: AbortSignal, watch?: DownloadWatch): Promise<QualysResponse>;
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
  const origin = new URL(access.qualysServer);
  const proxy = findProxy(access, env);
  let proxyUsed = false;
  const dispatcher = makeDispatcher(proxy, trustAuthorities(access.qualysCa), () => (proxyUsed = true));
  const headers = standingHeaders(access);
  let reached = false;

  async function send(call: QualysCall, guard: SilenceGuard): Promise<Dispatcher.ResponseData> {
    const form = call.form === undefined ? undefined : new URLSearchParams(call.form).toString();
    return request(`${origin.origin}${call.path}`, {
      dispatcher,
      method: call.method,
      headers:
        form === undefined ? headers : { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: form ?? null,
      signal: guard.signal,
    });
  }

  const translate = (error: unknown, guard: SilenceGuard, signal: AbortSignal): unknown => {
    if (signal.aborted) return signal.reason;
    if (guard.broken) return silent(origin.host, guard);
    return explainNetworkError(error, { host: origin.host, proxy, reached });
  };

  return {
    host: origin.host,
    get proxy() {
      return proxyUsed ? proxy?.name : undefined;
    },
    async call(call, signal, watch) {
      signal.throwIfAborted();
      const guard = guardSilence(clock, call.silence, signal);
      try {
        const response = await send(call, guard);
        reached = true;
        tellQuota(response, log);
        const raw = guarded(response, guard, (error) => translate(error, guard, signal), watch);
        return wrap(response, raw);
      } catch (error) {
        guard.end();
        throw translate(error, guard, signal);
      }
    },
    close: () => dispatcher.destroy(),
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

function silent(host: string, guard: SilenceGuard): Transient {
  const why = `nothing came for ${guard.seconds} seconds`;
  const last = new QualysConnectionLost(host, why);
  return new Transient({ trouble: `${host} fell silent: ${why}.`, last, maybeDone: true });
}

function wrap(
  response: Dispatcher.ResponseData,
  raw: AsyncGenerator<Buffer, void, undefined>,
): QualysResponse {
  const zipped = /\bgzip\b/i.test(headerOf(response, 'content-encoding') ?? '');
  return {
    status: response.statusCode,
    header: (name) => headerOf(response, name),
    body: zipped ? inflated(raw) : raw,
  };
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.at(-1);
}

/** The account's limits as the headers tell them; never X-Powered-By, which names the customer. */
function tellQuota(response: Dispatcher.ResponseData, log: Log): void {
  const left = headerOf(response, 'x-ratelimit-remaining');
  if (left === undefined) return;
  const limit = headerOf(response, 'x-ratelimit-limit');
  log.debug('qualys.quota', `Qualys: ${left} calls left of ${limit ?? '?'}`, {
    left,
    limit,
    windowSeconds: headerOf(response, 'x-ratelimit-window-sec'),
    running: headerOf(response, 'x-concurrency-limit-running'),
    runningLimit: headerOf(response, 'x-concurrency-limit-limit'),
  });
}

async function* guarded(
  response: Dispatcher.ResponseData,
  guard: SilenceGuard,
  translate: (error: unknown) => unknown,
  watch: DownloadWatch | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  const body: Readable = response.body;
  const total = Number.parseInt(headerOf(response, 'content-length') ?? '', 10);
  let received = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      guard.heard();
      received += chunk.length;
      watch?.(received, Number.isNaN(total) ? undefined : total);
      yield chunk;
    }
  } catch (error) {
    throw translate(error);
  } finally {
    guard.end();
    // A body given up half-way ends with an error that nobody waits for.
    body.on('error', () => undefined).destroy();
  }
}

async function* inflated(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  const source = Readable.from(raw);
  pipeline(source, gunzip, () => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    const last = new ReportCutOff(`its gzip form is damaged or incomplete (${error.message})`, {
      cause: error,
    });
    throw new Transient({ trouble: last.message, last, maybeDone: true, tries: 10 });
  } finally {
    source.destroy();
  }
}
