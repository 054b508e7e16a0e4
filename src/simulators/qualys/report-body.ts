import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { PlannedFault } from './faults.ts';
import type { QualysSimulatorOptions } from './simulator-options.ts';

/** A report's body as it goes over the wire. */
export interface WireBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Zipped, gzipped or plain, as the options and the client want it. */
export async function wireBody(
  templateId: string,
  acceptsGzip: boolean,
  options: QualysSimulatorOptions,
): Promise<WireBody> {
  const plain = (): AsyncIterable<Buffer> => asBuffers(options.report(templateId));
  if (options.zip) {
    return { headers: { 'Content-Type': 'application/zip' }, chunks: zipped(plain()) };
  }
  if (acceptsGzip && options.gzip !== false) {
    return { headers: { 'Content-Encoding': 'gzip' }, chunks: Readable.from(plain()).pipe(createGzip()) };
  }
  if (options.contentLength === false) return { headers: {}, chunks: plain() };
  return { headers: { 'Content-Length': String(await lengthOf(plain())) }, chunks: plain() };
}

/** A zip file with one document, the same bytes whenever it is made. */
function zipped(content: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const zip = new ZipFile();
  zip.addReadStream(Readable.from(content), 'report.xml', { mtime: new Date(2026, 0, 1) });
  zip.end();
  return zip.outputStream as AsyncIterable<Buffer>;
}

async function* asBuffers(source: ReturnType<QualysSimulatorOptions['report']>): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield Buffer.from(chunk as Uint8Array);
}

async function lengthOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}

/** The part of a body that comes through before the fault strikes: half of it, but never all. */
export async function firstHalf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const whole = Buffer.concat(all);
  return whole.subarray(0, Math.floor(whole.length / 2));
}

/** Whether the fault is one of the body's, the answer itself being right. */
export function isBodyFault({ kind }: PlannedFault): boolean {
  return kind === 'cut by close' || kind === 'cut by end' || kind === 'stalled' || kind === 'trickle';
}
