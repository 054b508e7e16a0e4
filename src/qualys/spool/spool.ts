import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../clock.ts';
import { removeAtExit } from '../../files/remove-at-exit.ts';
import type { QualysAccess } from '../access.ts';
import { errorCode, systemReason } from '../../files/system-reason.ts';
import { ReportTooLargeError, SpoolDirectoryUnusableError, SpoolWriteFailedError } from './errors.ts';

/** A report on disk. */
export interface SpooledReport {
  readonly path: string;
  readonly bytes: number;
  /** keep_report: the file stays, and `remove` leaves it. */
  readonly keep: boolean;
  /** Removes the file (and the private directory); may be called more than once. */
  remove(): Promise<void>;
}

/** The place where a report is being stored: a file of mode 0600 that is removed unless it is finished and kept. */
export interface Spool {
  /** Path of the XML while it is being written. */
  readonly path: string;
  /** Path for the zip form, beside it; removed with it. */
  readonly zipPath: string;
  /**
   * Refuses as many bytes where there is no room for them.
   * @throws ReportTooLargeError, SpoolWriteFailedError
   */
  expect(bytes: number): Promise<void>;
  /**
   * Replaces what was stored by these chunks. Returns the bytes written.
   * @throws ReportTooLargeError, SpoolWriteFailedError
   */
  store(chunks: AsyncIterable<Uint8Array>, target?: string): Promise<number>;
  /** The first and the last bytes stored, as text. */
  ends(length: number): Promise<{ start: string; end: string; bytes: number }>;
  /** The report is complete: gives it its name. */
  finish(): Promise<SpooledReport>;
  /** Nothing came of it: leaves nothing behind. */
  discard(): Promise<void>;
}

/**
 * Makes the empty spool file: in report_dir, in the current directory for a report to keep, else in a private directory.
 * @throws SpoolDirectoryUnusableError
 */
export async function createSpool(access: QualysAccess, clock: Clock): Promise<Spool> {
  const { directory, temporary } = await chooseDirectory(access);
  const name = spoolName(access.templateId, clock);
  const doomed = temporary ? removeAtExit(directory) : undefined;
  const finalPath = await createFile(directory, name).catch(async (error: unknown) => {
    if (temporary) await rm(directory, { recursive: true, force: true });
    doomed?.();
    throw error;
  });
  return makeSpool(access, finalPath, temporary ? directory : undefined);
}

async function chooseDirectory(access: QualysAccess): Promise<{ directory: string; temporary: boolean }> {
  if (access.reportDir !== undefined) return { directory: path.resolve(access.reportDir), temporary: false };
  if (access.keepReport) return { directory: process.cwd(), temporary: false };
  try {
    return { directory: await mkdtemp(path.join(tmpdir(), 'qualys-connector-')), temporary: true };
  } catch (error) {
    throw new SpoolDirectoryUnusableError(tmpdir(), systemReason(error), error);
  }
}

/** `424242_20260131T020000Z`: template and time, fit for any file system. */
function spoolName(templateId: string, clock: Clock): string {
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${templateId.replace(/[^\w.-]/g, '_')}_${time}`;
}

/** Makes `<name>.xml.part`, or `<name>-2.xml.part` … where another run has the name. Returns the path without `.part`. */
async function createFile(directory: string, name: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const finalPath = path.join(directory, `${name}${copy === 1 ? '' : `-${copy}`}.xml`);
    try {
      if (await exists(finalPath)) continue;
      await (await open(`${finalPath}.part`, 'wx', 0o600)).close();
      return finalPath;
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && copy < 1000) continue;
      throw new SpoolDirectoryUnusableError(directory, systemReason(error), error);
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function makeSpool(access: QualysAccess, finalPath: string, temporary: string | undefined): Spool {
  const part = `${finalPath}.part`;
  const zipPath = `${finalPath}.zip.part`;
  const takeBack = [part, zipPath, ...(temporary === undefined ? [] : [temporary])].map(removeAtExit);
  const removeAll = async (files: readonly string[]): Promise<void> => {
    for (const file of files) await rm(file, { force: true });
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    for (const take of takeBack) take();
  };
  return {
    path: part,
    zipPath,
    async expect(bytes) {
      if (bytes > access.reportLimit) throw new ReportTooLargeError(access.reportLimit);
      const free = await freeSpace(path.dirname(part));
      if (bytes <= free) return;
      const [takes, room] = [bytes.toLocaleString('en-US'), free.toLocaleString('en-US')];
      throw new SpoolWriteFailedError(part, 0, `it takes ${takes} bytes, and there is room for ${room}`);
    },
    async store(chunks, target = part) {
      // Nobody has reserved this name yet: whatever another user has put there must not be written to.
      if (target === zipPath) await rm(zipPath, { force: true });
      return store(target, within(access.reportLimit, chunks), target === zipPath ? constants.O_EXCL : 0);
    },
    ends: (length) => readEnds(part, length),
    discard: () => removeAll([part, zipPath]),
    async finish() {
      await rm(zipPath, { force: true });
      const { size } = await stat(part);
      if (access.keepReport) {
        await rename(part, finalPath);
        for (const take of takeBack) take();
        return { path: finalPath, bytes: size, keep: true, remove: () => Promise.resolve() };
      }
      return { path: part, bytes: size, keep: false, remove: () => removeAll([part, zipPath]) };
    },
  };
}

/** Infinity where the system does not tell. */
async function freeSpace(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

async function* within(limit: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw new ReportTooLargeError(limit);
    yield chunk;
  }
}

/** @param exclusive O_EXCL for a file that is to be made */
async function store(target: string, chunks: AsyncIterable<Uint8Array>, exclusive: number): Promise<number> {
  let written = 0;
  const guard = async <T>(step: Promise<T>): Promise<T> => {
    try {
      return await step;
    } catch (error) {
      throw new SpoolWriteFailedError(target, written, systemReason(error), error);
    }
  };
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | exclusive;
  const file = await guard(open(target, flags, 0o600));
  try {
    for await (const chunk of chunks) {
      await guard(file.writeFile(chunk));
      written += chunk.length;
    }
  } finally {
    // A network file system may tell only now that there was no room.
    await guard(file.close());
  }
  return written;
}

async function readEnds(
  file: string,
  length: number,
): Promise<{ start: string; end: string; bytes: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = await readAt(handle, 0, length);
    const end = await readAt(handle, Math.max(0, size - length), length);
    return { start, end, bytes: size };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<string> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString('utf8', 0, bytesRead);
}
