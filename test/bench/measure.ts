import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a round of a program took. */
export interface Measured {
  /** Seconds on the clock. */
  readonly wall: number;
  /** Seconds of processor time, all threads. */
  readonly cpu: number;
  /** Megabytes; undefined for programs that are not Node's. */
  readonly peak: number | undefined;
}

const tellUsage = fileURLToPath(new URL('tell-usage.js', import.meta.url));

/** Runs a command under bash's `time`, its output thrown away. Throws when it fails. */
export function measure(command: readonly string[], directory: string): Measured {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" > "${join(directory, 'output')}"`;
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: join(directory, 'usage') },
  });
  if (status !== 0) {
    throw new Error(`${command.join(' ')} failed: ${stderr}`);
  }
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system, peak: command.includes('--import') ? peakOf(directory) : undefined };
}

/** The program with what tells its memory, and further options of Node. */
export function nodeCommand(
  program: string,
  args: readonly string[],
  options: readonly string[] = [],
): string[] {
  return [process.execPath, ...options, '--import', tellUsage, program, ...args];
}

export function isInstalled(command: readonly string[]): boolean {
  return spawnSync(command[0] ?? '', command.slice(1), { stdio: 'ignore' }).status === 0;
}

function peakOf(directory: string): number {
  return Math.round(Number(readFileSync(join(directory, 'usage'), 'utf8')) / 1024);
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
