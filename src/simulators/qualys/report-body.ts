import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { FaultKind, PlannedFault } from './faults.ts';
import type { LargeBody } from './reply.ts';

/** A large body as it goes over the wire. */
export interface WireBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Zipped, gzipped or plain, as the simulator's options and the client want it. */
export function wireBody({ chunks, zip, contentLength }: LargeBody, gzip: boolean): WireBody {
  const plain = (): Iterable<Buffer> => gathered(chunks());
  if (zip) {
    return { headers: { 'Content-Type': 'application/zip' }, chunks: zipped(plain()) };
  }
  if (gzip) {
    return {
      headers: { 'Content-Encoding': 'gzip' },
      chunks: Readable.from(plain()).pipe(createGzip({ level: 1 })),
    };
  }
  if (!contentLength) return { headers: {}, chunks: plain() };
  return { headers: { 'Content-Length': String(lengthOf(plain())) }, chunks: plain() };
}

/** A zip file with one document, the same bytes whenever it is made. */
function zipped(content: Iterable<Buffer>): AsyncIterable<Buffer> {
  const zip = new ZipFile();
  zip.addReadStream(Readable.from(content), 'report.xml', { mtime: new Date(2026, 0, 1) });
  zip.end();
  return zip.outputStream as AsyncIterable<Buffer>;
}

/** Bytes, at least. */
const AT_ONCE = 65_536;

/** Many small pieces as few larger ones: each takes a turn of the compressor and of the socket. */
function* gathered(pieces: ReturnType<LargeBody['chunks']>): Generator<Buffer> {
  let some: Buffer[] = [];
  let length = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece as Uint8Array);
    some.push(bytes);
    length += bytes.length;
    if (length < AT_ONCE) continue;
    yield Buffer.concat(some);
    some = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(some);
}

function lengthOf(chunks: Iterable<Buffer>): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

/** The part of a body that comes through before the fault strikes: half of it, but never all. */
export async function firstHalf(chunks: WireBody['chunks']): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const whole = Buffer.concat(all);
  return whole.subarray(0, Math.floor(whole.length / 2));
}

const BODY_FAULTS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'cut by close',
  'cut by end',
  'stalled',
  'trickle',
  'warning first',
  'two host lists',
  'null texts',
  'another order',
  'id_min again',
  'id_min missing',
  'malformed page',
]);

/** Whether the fault is one of the body's, the answer itself being right. */
export function isBodyFault({ kind }: PlannedFault): boolean {
  return BODY_FAULTS.has(kind);
}
