import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partialName } from '../files/leftovers.ts';
import { findProgram } from '../programs/find-program.ts';

/** Descriptors of the two ends of a pipe. */
export interface Pipe {
  /** Blocking, for a child's standard input. */
  readonly read: number;
  /** Not blocking, for writeAll. */
  readonly write: number;
}

/** Milliseconds that a reader may let a write wait. */
const PATIENCE = 10_000;
/** Milliseconds between two tries at a full pipe. */
const NAP = 2;

/**
 * Makes a pipe that can be written synchronously: what is in it reaches its reader even when this process is
 * killed. (Node has no pipe(), and the one that spawn makes is written when the event loop gets to it.)
 */
export function makePipe(): Pipe {
  const mkfifo = findProgram('mkfifo', process.env.PATH);
  if (mkfifo === undefined) throw new Error('there is no program "mkfifo" here');
  const folder = join(tmpdir(), partialName('pipe'));
  mkdirSync(folder, { mode: 0o700 });
  try {
    const path = join(folder, 'pipe');
    const { error, status, stderr } = spawnSync(mkfifo, ['-m', '600', path], { encoding: 'utf8' });
    if (error !== undefined || status !== 0) throw error ?? new Error(stderr.trim());
    // An open end of each kind lets the others open without waiting.
    const both = openSync(path, constants.O_RDWR);
    const read = openSync(path, constants.O_RDONLY);
    const write = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    closeSync(both);
    return { read, write };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes all of a text before it returns. Throws when the reader is gone (EPIPE) or takes nothing for 10 s (EAGAIN). */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let from = 0;
  let stuckSince: number | undefined;
  while (from < bytes.length) {
    try {
      from += writeSync(descriptor, bytes, from);
      stuckSince = undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      stuckSince ??= performance.now();
      if (performance.now() - stuckSince > PATIENCE) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP);
    }
  }
}
