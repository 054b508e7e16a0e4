import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { TransientError } from '../retry/transient.ts';
import type { DownloadWatch, QualysResponse } from './call.ts';
import { ReportCutOffError } from './errors.ts';
import type { SilenceGuard } from './silence-guard.ts';
import type { Veil } from './veil.ts';

/** Who looks on while a body is read. */
export interface BodyWatch {
  readonly guard: SilenceGuard;
  readonly download: DownloadWatch | undefined;
  readonly veil: Veil;
  /** Turns a network error into one of this program's. */
  readonly explain: (error: unknown) => unknown;
}

/** A response whose body is inflated, ends with an explained error, and is given up when it falls silent. */
export function readableResponse(response: Dispatcher.ResponseData, watch: BodyWatch): QualysResponse {
  const zipped = /\bgzip\b/i.test(headerOf(response, 'content-encoding') ?? '');
  const raw = watched(response, watch);
  const length = zipped ? undefined : lengthOf(response);
  return {
    status: response.statusCode,
    veil: watch.veil,
    header: (name) => headerOf(response, name),
    length,
    body: counted(zipped ? inflated(raw) : raw, watch.download, length),
  };
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.at(-1);
}

function lengthOf(response: Dispatcher.ResponseData): number | undefined {
  const length = Number.parseInt(headerOf(response, 'content-length') ?? '', 10);
  return Number.isNaN(length) ? undefined : length;
}

async function* watched(
  response: Dispatcher.ResponseData,
  { guard, explain }: BodyWatch,
): AsyncGenerator<Buffer, void, undefined> {
  const body: Readable = response.body;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      guard.heard();
      yield chunk;
    }
  } catch (error) {
    throw explain(error);
  } finally {
    guard.end();
    // A body given up half-way ends with an error that nobody waits for.
    body.on('error', () => undefined).destroy();
  }
}

/** The bytes that are told are those of the report, as in the log: inflated. */
async function* counted(
  bytes: AsyncIterable<Buffer>,
  download: DownloadWatch | undefined,
  total: number | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let received = 0;
  for await (const chunk of bytes) {
    received += chunk.length;
    download?.(received, total);
    yield chunk;
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
    const last = new ReportCutOffError(`its gzip form is damaged or incomplete (${error.message})`, error);
    throw new TransientError(last, { maybeDone: true, tries: 10, ofContents: true });
  } finally {
    source.destroy();
  }
}
