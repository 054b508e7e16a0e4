import { type ChildProcess, spawn } from 'node:child_process';
import { findForbiddenProgram, findProgram } from './find-program.ts';
import type { Words } from './words.ts';

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The longest time that it may take. */
  readonly seconds: number;
  /** Bytes of its standard output that are kept; the rest is read and dropped. */
  readonly kept: number;
}

/** What became of a program. */
export interface ProgramEnd {
  /** Why it was in vain, such as `it ended with exit code 2`; undefined: it was not. */
  readonly trouble: string | undefined;
  /** The beginning of its standard output. */
  readonly output: Buffer;
  /** The beginning of its standard error. */
  readonly complaint: string;
}

/** Characters of standard error. */
const LONGEST_COMPLAINT = 10_000;
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 2_000;
/** Milliseconds that what a program has left running may hold its output open. */
const AFTERLIFE = 1_000;

/**
 * Runs a program that is named by an absolute path, or found in PATH but never in the current directory. It has no standard
 * input and no terminal, and ends with this process. Never rejects.
 */
export async function runProgram([name, ...words]: Words, options: RunOptions): Promise<ProgramEnd> {
  const nothing = { output: Buffer.alloc(0), complaint: '' };
  const path = name.startsWith('/') ? name : findProgram(name, options.env.PATH);
  if (path === undefined) return { ...nothing, trouble: notFound(name, options.env.PATH) };
  try {
    // A group of its own: what it starts ends with it.
    const child = spawn(path, words, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    return await watched(child, options);
  } catch (error) {
    return { ...nothing, trouble: notStarted(error) };
  }
}

function notFound(name: string, path: string | undefined): string {
  const forbidden = findForbiddenProgram(name, path);
  return forbidden === undefined
    ? 'it is not there: no folder of PATH has it'
    : `${forbidden} may not be run; chmod +x allows it`;
}

/** Why spawn refuses; its own words hold the arguments. */
function notStarted(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT') return 'it is not there (ENOENT)';
  return code === 'EACCES'
    ? 'it may not be run (EACCES); chmod +x allows it'
    : `it cannot be started (${code})`;
}

function watched(child: ChildProcess, { seconds, kept }: RunOptions): Promise<ProgramEnd> {
  const pieces: Buffer[] = [];
  let room = kept;
  let complaint = '';
  let late = false;
  child.stdout?.on('data', (piece: Buffer) => {
    if (room > 0) pieces.push(piece.subarray(0, room));
    room -= piece.length;
  });
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(0, LONGEST_COMPLAINT)));
  const kill = (signal: NodeJS.Signals): void => {
    killGroup(child, signal);
  };
  const endWithUs = (): void => {
    kill('SIGKILL');
  };
  process.on('exit', endWithUs);
  const timers = [
    setTimeout(() => {
      late = true;
      kill('SIGTERM');
      timers.push(setTimeout(kill, GRACE, 'SIGKILL'));
    }, seconds * 1000),
  ];
  return new Promise((resolve) => {
    const end = (trouble: string | undefined): void => {
      for (const timer of timers) clearTimeout(timer);
      process.off('exit', endWithUs);
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      resolve({ trouble, output: Buffer.concat(pieces), complaint });
    };
    child.on('error', (error) => {
      end(notStarted(error));
    });
    child.on('exit', (code, signal) => {
      const trouble = late ? `it was not done in ${seconds} seconds` : badEnd(code, signal);
      timers.push(setTimeout(end, AFTERLIFE, trouble));
      child.on('close', () => {
        end(trouble);
      });
    });
  });
}

function badEnd(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `it was ended by ${signal}`;
  return code === 0 ? undefined : `it ended with exit code ${String(code)}`;
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
