import { pino } from 'pino';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { makeDirectories } from '../files/make-directories.ts';
import type { Destination, Line, Rescue } from './destination.ts';
import { LogFileNotWritable } from './log-errors.ts';

type SonicBoom = ReturnType<typeof pino.destination>;

/** While a file cannot be written its lines wait in memory up to this many characters; all are shown elsewhere. */
const WAITING = 1_048_576;

/**
 * Appends lines to a file, or to an open descriptor (1, 2), each with a write of its own before `write` returns:
 * nothing is lost when the process dies. Throws LogFileNotWritable when the file cannot be opened.
 */
export function fileDestination(target: string | number, rescue: Rescue): Destination {
  let problem: NodeJS.ErrnoException | undefined;
  let gone = false;
  let troubled = false;
  const open = (): SonicBoom => openStream(target, (error) => (problem = error));
  let stream = open();

  const failed = (error: NodeJS.ErrnoException, line: Line): void => {
    // The reader of a pipe does not come back, and pino writes nothing more to it.
    gone ||= error.code === 'EPIPE';
    if (!troubled) rescue.trouble('log.unwritable', troubleText(target, error, gone));
    troubled = true;
    rescue.line(line);
  };

  const write = (line: Line): void => {
    if (gone) {
      rescue.line(line);
      return;
    }
    problem = undefined;
    stream.write(`${line.whole}\n`);
    const error = problem as NodeJS.ErrnoException | undefined;
    if (error === undefined) troubled = false;
    else failed(error, line);
  };

  const reopen = (): void => {
    const before = stream;
    try {
      stream = open();
      before.end();
    } catch (error) {
      rescue.trouble('log.notReopened', notReopenedText(target, error));
    }
  };

  const close = async (): Promise<void> => {
    // A descriptor that was open before us stays open: late lines still find it.
    if (typeof target === 'number' || gone || problem !== undefined) return;
    gone = true;
    const closed = once(stream, 'close');
    stream.end();
    await closed;
  };

  return { write, close, ...(typeof target === 'string' ? { reopen } : {}) };
}

function openStream(target: string | number, onError: (error: NodeJS.ErrnoException) => void): SonicBoom {
  try {
    if (typeof target === 'string') makeDirectories(dirname(target));
    const options = typeof target === 'number' ? {} : { append: true, mode: 0o640 };
    const stream = pino.destination({ dest: target, sync: true, maxLength: WAITING, ...options });
    stream.on('error', onError);
    return stream;
  } catch (error) {
    throw new LogFileNotWritable(String(target), error);
  }
}

function nameOf(target: string | number): string {
  if (target === 1) return 'Standard output';
  return target === 2 ? 'Standard error' : `The log file ${target}`;
}

function troubleText(target: string | number, error: NodeJS.ErrnoException, gone: boolean): string {
  if (gone) return `${nameOf(target)} was closed by its reader: the log goes on on standard error.`;
  return `${nameOf(target)} cannot be written (${error.message}): the log goes to standard error until it can.`;
}

function notReopenedText(target: string | number, error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return `${nameOf(target)} cannot be opened again (${reason}): the log goes on in the file that was open.`;
}
