import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../clock.ts';
import { partialName } from '../../files/leftovers.ts';
import { nameExclusively } from '../../files/name-exclusively.ts';
import { openNamelessIn } from '../../files/nameless-file.ts';
import { removeAtExit } from '../../files/remove-at-exit.ts';
import { errorCode, systemReason } from '../../files/system-reason.ts';
import { grouped } from '../../text/grouped.ts';
import type { QualysAccess } from '../access.ts';
import { ReportTooLargeError, SpoolDirectoryUnusableError, SpoolWriteFailedError } from './errors.ts';
import { StoredFile } from './stored-file.ts';

/** A report on disk. */
export interface SpooledReport {
  /** For messages: the path of one that is kept; another one has none. */
  readonly name: string;
  /** Open for reading, until `close`. */
  readonly descriptor: number;
  readonly bytes: number;
  /** keep_report: it stays under its name. */
  readonly keep: boolean;
  /** May be called more than once. */
  close(): Promise<void>;
}

/** Where a report is being stored. Nothing of it is left, however the process ends, unless it is finished and kept. */
export interface Spool {
  readonly directory: string;
  readonly report: StoredFile;
  /** The report as it came, where it came zipped. */
  readonly zip: StoredFile;
  /**
   * Refuses as many bytes where there is no room for them.
   * @throws ReportTooLargeError, SpoolWriteFailedError
   */
  expect(bytes: number): Promise<void>;
  /** The report is complete: one that is kept gets its name. @throws SpoolDirectoryUnusableError, SpoolWriteFailedError */
  finish(): Promise<SpooledReport>;
  /** Nothing came of it. */
  discard(): Promise<void>;
}

/**
 * Makes the empty files: in report_dir, in the current directory for a report to keep, else in that for temporary files.
 * @throws SpoolDirectoryUnusableError
 */
export async function createSpool(access: QualysAccess, clock: Clock): Promise<Spool> {
  const directory = path.resolve(access.reportDir ?? (access.keepReport ? '.' : tmpdir()));
  const name = path.join(directory, reportName(access.templateId, clock));
  const partial = access.keepReport ? path.join(directory, partialName(path.basename(name))) : undefined;
  try {
    const file = await (partial === undefined ? openNamelessIn(directory) : open(partial, 'wx+', 0o600));
    const report = new StoredFile(file, directory, access.reportLimit);
    const zip = new StoredFile(await openNamelessIn(directory), directory, access.reportLimit);
    const end = async (): Promise<void> => {
      await Promise.all([file.close(), zip.file.close()]);
    };
    return {
      directory,
      report,
      zip,
      expect: (bytes) => expectRoom(directory, bytes, access.reportLimit),
      ...(partial === undefined
        ? nameless(report, `The report of template ${access.templateId}`, end)
        : kept(report, partial, name, end)),
    };
  } catch (error) {
    throw unusable(directory, error);
  }
}

type Endings = Pick<Spool, 'finish' | 'discard'>;

function nameless(report: StoredFile, name: string, close: () => Promise<void>): Endings {
  const { fd: descriptor } = report.file;
  return {
    finish: () => Promise.resolve({ name, descriptor, bytes: report.bytes, keep: false, close }),
    discard: close,
  };
}

function kept(report: StoredFile, partial: string, name: string, close: () => Promise<void>): Endings {
  const { fd: descriptor } = report.file;
  const takeBack = removeAtExit(partial);
  return {
    async finish() {
      await report.sync();
      const final = await giveName(partial, name);
      takeBack();
      return { name: final, descriptor, bytes: report.bytes, keep: true, close };
    },
    async discard() {
      await close();
      await rm(partial, { force: true });
      takeBack();
    },
  };
}

/** `424242_20260131T020000Z`: template and time, fit for any file system. */
function reportName(templateId: string, clock: Clock): string {
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${templateId.replace(/[^\w.-]/g, '_')}_${time}`;
}

/** Names it `<name>.xml`, or `<name>-2.xml` … where another report has the name. Returns that. */
async function giveName(partial: string, name: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const final = `${name}${copy === 1 ? '' : `-${copy}`}.xml`;
    try {
      await nameExclusively(partial, final);
      return final;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || copy >= 1000) throw unusable(path.dirname(name), error);
    }
  }
}

function unusable(directory: string, error: unknown): Error {
  return new SpoolDirectoryUnusableError(directory, systemReason(error), error);
}

async function expectRoom(directory: string, bytes: number, limit: number): Promise<void> {
  if (bytes > limit) throw new ReportTooLargeError(limit);
  const free = await freeSpace(directory);
  if (bytes <= free) return;
  const [takes, room] = [grouped(bytes), grouped(free)];
  throw new SpoolWriteFailedError(directory, 0, `it takes ${takes} bytes, and there is room for ${room}`);
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
