import { pino } from 'pino';
import { systemReason } from '../files/system-reason.ts';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { makeDirectories } from '../files/make-directories.ts';
import type { Output, Line, Rescue } from './output.ts';
import { LogFileNotWritableError } from './errors.ts';

type SonicBoom = ReturnType<typeof pino.destination>;

/** While a file cannot be written its lines wait in memory up to this many characters; all are shown elsewhere. */
const WAITING = 1_048_576;

/**
 * Appends lines to a file, or to an open descriptor (1, 2), each with a write of its own before `write` returns:
 * nothing is lost when the process dies. Throws LogFileNotWritableError when the file cannot be opened.
 */
export function fileOutput(target: string | number, rescue: Rescue): Output {
  const file = new LineFile(target, rescue);
  return {
    write: (line) => {
      file.write(line);
    },
    close: () => file.close(),
    ...(typeof target === 'string' && {
      reopen: () => {
        file.reopen();
      },
    }),
  };
}

class LineFile {
  readonly #target: string | number;
  readonly #rescue: Rescue;
  #stream: SonicBoom;
  /** Of the last write. */
  #problem: NodeJS.ErrnoException | undefined;
  #gone = false;
  #troubled = false;

  constructor(target: string | number, rescue: Rescue) {
    this.#target = target;
    this.#rescue = rescue;
    this.#stream = this.#open();
  }

  write(line: Line): void {
    if (this.#gone) {
      this.#rescue.line(line);
      return;
    }
    this.#problem = undefined;
    this.#stream.write(`${line.whole}\n`);
    // Set by the stream while it writes.
    const error = this.#problem as NodeJS.ErrnoException | undefined;
    if (error === undefined) this.#troubled = false;
    else this.#failed(error, line);
  }

  reopen(): void {
    const before = this.#stream;
    try {
      this.#stream = this.#open();
      before.end();
    } catch (error) {
      this.#rescue.trouble('log.notReopened', notReopenedText(this.#target, error));
    }
  }

  async close(): Promise<void> {
    // A descriptor that was open before us stays open: late lines still find it.
    if (typeof this.#target === 'number' || this.#gone || this.#problem !== undefined) return;
    this.#gone = true;
    const closed = once(this.#stream, 'close');
    this.#stream.end();
    await closed;
  }

  #open(): SonicBoom {
    return openStream(this.#target, (error) => (this.#problem = error));
  }

  #failed(error: NodeJS.ErrnoException, line: Line): void {
    // The reader of a pipe does not come back, and pino writes nothing more to it.
    this.#gone ||= error.code === 'EPIPE';
    if (!this.#troubled) this.#rescue.trouble('log.unwritable', troubleText(this.#target, error, this.#gone));
    this.#troubled = true;
    this.#rescue.line(line);
  }
}

function openStream(target: string | number, onError: (error: NodeJS.ErrnoException) => void): SonicBoom {
  try {
    if (typeof target === 'string') makeDirectories(dirname(target));
    const options = typeof target === 'number' ? {} : { append: true, mode: 0o640 };
    const stream = pino.destination({ dest: target, sync: true, maxLength: WAITING, ...options });
    stream.on('error', onError);
    return stream;
  } catch (error) {
    throw new LogFileNotWritableError(String(target), error);
  }
}

function nameOf(target: string | number): string {
  if (target === 1) return 'Standard output';
  return target === 2 ? 'Standard error' : `The log file ${target}`;
}

function troubleText(target: string | number, error: NodeJS.ErrnoException, gone: boolean): string {
  if (gone) return `${nameOf(target)} was closed by its reader: the log goes on on standard error.`;
  return `${nameOf(target)} cannot be written (${systemReason(error)}): the log goes to standard error until it can.`;
}

function notReopenedText(target: string | number, error: unknown): string {
  const reason = systemReason(error instanceof Error ? (error.cause ?? error) : error);
  return `${nameOf(target)} cannot be opened again (${reason}): the log goes on in the file that was open.`;
}
