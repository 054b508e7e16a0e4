import { dirname } from 'node:path';
import { pino } from 'pino';
import { makeDirectories } from '../files/make-directories.ts';
import { errorCode, systemReason } from '../files/system-reason.ts';
import { LogFileNotWritableError } from './errors.ts';
import type { Line, Output, Rescue } from './output.ts';

type SonicBoom = ReturnType<typeof pino.destination>;

/** While a file cannot be written its lines wait in memory up to this many characters; all are shown elsewhere. */
const WAITING = 1_048_576;

/**
 * Appends lines to a file, or to an open descriptor (1, 2), each with a write of its own before `write` returns:
 * nothing is lost when the process dies.
 */
export class FileOutput implements Output {
  /** Opens a file again under its name, after a rotation; a descriptor has none. */
  readonly reopen: (() => void) | undefined;
  readonly #target: string | number;
  readonly #rescue: Rescue;
  #stream: SonicBoom;
  /** What the last write failed of. */
  #problem: unknown;
  #gone = false;
  #troubled = false;

  /** @throws LogFileNotWritableError */
  constructor(target: string | number, rescue: Rescue) {
    this.#target = target;
    this.#rescue = rescue;
    this.#stream = this.#open();
    this.reopen =
      typeof target === 'number'
        ? undefined
        : () => {
            this.#reopen();
          };
  }

  write(line: Line): void {
    if (this.#gone) {
      this.#rescue.line(line);
      return;
    }
    // The stream tells of an error, or of a line for which it has no more room, while it writes.
    this.#problem = undefined;
    this.#stream.write(`${line.whole}\n`);
    if (this.#problem === undefined) this.#troubled = false;
    else this.#failed(this.#problem, line);
  }

  async close(): Promise<void> {
    // A descriptor that was open before us stays open: late lines still find it.
    if (typeof this.#target === 'number' || this.#gone) return;
    this.#gone = true;
    await ended(this.#stream);
  }

  #reopen(): void {
    const before = this.#stream;
    try {
      this.#stream = this.#open();
      void ended(before);
    } catch (error) {
      this.#rescue.trouble('log.notReopened', notReopenedText(this.#target, error));
    }
  }

  #open(): SonicBoom {
    const stream = openStream(this.#target);
    let last: unknown;
    stream.on('error', (error: unknown) => (this.#problem = last = error));
    stream.on('drop', () => (this.#problem = last));
    return stream;
  }

  #failed(error: unknown, line: Line): void {
    // The reader of a pipe does not come back, and pino writes nothing more to it.
    this.#gone ||= errorCode(error) === 'EPIPE';
    if (!this.#troubled) this.#rescue.trouble('log.unwritable', troubleText(this.#target, error, this.#gone));
    this.#troubled = true;
    this.#rescue.line(line);
  }
}

/** Writes what waits, if that can be, and closes. Never rejects: what could not be written was shown elsewhere. */
function ended(stream: SonicBoom): Promise<void> {
  return new Promise((resolve) => {
    stream.on('close', resolve);
    stream.on('error', () => {
      stream.destroy();
      resolve();
    });
    stream.end();
  });
}

function openStream(target: string | number): SonicBoom {
  try {
    if (typeof target === 'string') makeDirectories(dirname(target));
    const options = typeof target === 'number' ? {} : { append: true, mode: 0o640 };
    return pino.destination({ dest: target, sync: true, maxLength: WAITING, ...options });
  } catch (error) {
    throw new LogFileNotWritableError(String(target), error);
  }
}

function nameOf(target: string | number): string {
  if (target === 1) return 'Standard output';
  return target === 2 ? 'Standard error' : `The log file ${target}`;
}

function troubleText(target: string | number, error: unknown, gone: boolean): string {
  if (gone) return `${nameOf(target)} was closed by its reader: the log goes on on standard error.`;
  return `${nameOf(target)} cannot be written (${systemReason(error)}): the log goes to standard error until it can.`;
}

function notReopenedText(target: string | number, error: unknown): string {
  const reason = systemReason(error instanceof Error ? (error.cause ?? error) : error);
  return `${nameOf(target)} cannot be opened again (${reason}): the log goes on in the file that was open.`;
}
