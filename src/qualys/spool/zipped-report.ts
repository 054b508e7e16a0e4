import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, RandomAccessReader, type ZipFile } from 'yauzl';
import { ConnectorError } from '../../connector-error.ts';
import { ZippedReportUnreadableError } from './errors.ts';
import { TransientError } from '../retry/transient.ts';

/** Bytes of the zip file that are read at once. */
const CHUNK = 65_536;

/** Whether a body begins as a zip file does. Reports above about 1 GB come zipped (published clients). */
export function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
}

export interface Unzipping {
  /** Told how many bytes there will be; may refuse them by an error. */
  readonly expect: (bytes: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Lets the zip file's reader have a file that is open already, and stays so. */
class OpenFile extends RandomAccessReader {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  /** @param end the first byte that is not wanted */
  override createReadStream({ start, end }: { start: number; end: number }): Readable {
    return Readable.from(this.#chunks(start, end), { objectMode: false });
  }

  async *#chunks(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }
}

/**
 * The content of the one report in a zip file, its length and checksum compared at its end. The file stays open.
 * @throws the signal's reason, and what `expect` throws
 * @throws TransientError when the file is damaged, as one that broke off is
 * @throws ZippedReportUnreadableError when it holds no report or more than one
 */
export async function* readZippedReport(
  file: FileHandle,
  { expect, signal }: Unzipping,
): AsyncGenerator<Buffer, void, undefined> {
  const zip = await opened(file);
  try {
    const entry = theReport(await entriesOf(zip));
    await expect(entry.uncompressedSize);
    const content = await contentOf(zip, entry);
    let checksum = 0;
    // yauzl compares the length, but not the checksum.
    for await (const chunk of content as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
    if (checksum !== entry.crc32) throw new Error('its checksum is not that of its content');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConnectorError) throw error;
    throw damaged(error);
  } finally {
    zip.close();
  }
}

async function opened(file: FileHandle): Promise<ZipFile> {
  const { size } = await file.stat();
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false };
    yauzl.fromRandomAccessReader(new OpenFile(file), size, options, (error, zip) => {
      if (error) reject(damaged(error));
      else resolve(zip);
    });
  });
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', reject);
    zip.on('end', () => {
      resolve(entries);
    });
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function theReport(entries: readonly Entry[]): Entry {
  const files = entries.filter((entry) => !entry.fileName.endsWith('/'));
  const documents = files.filter((entry) => /\.xml$/i.test(entry.fileName));
  const [report, ...others] = documents.length > 0 ? documents : files;
  if (report === undefined) throw new ZippedReportUnreadableError('it is empty');
  if (others.length > 0) throw new ZippedReportUnreadableError(`it holds ${others.length + 1} documents`);
  if (report.isEncrypted()) throw new ZippedReportUnreadableError('it is encrypted');
  return report;
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

function damaged(error: unknown): TransientError {
  const why = error instanceof Error ? error.message : String(error);
  return new TransientError(new ZippedReportUnreadableError(why, error), { maybeDone: true, tries: 4 });
}
