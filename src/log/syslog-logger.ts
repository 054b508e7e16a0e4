/** Which `logger` program the system has, and how it is called: Node itself cannot speak to the log's socket. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { LogLevel } from './log.ts';

/** LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG. */
const SEVERITIES = [3, 4, 6, 7] as const;
const SEVERITY_NAMES = ['err', 'warning', 'info', 'debug'] as const;
/** LOG_USER. */
const FACILITY = 1;

/** How one kind of `logger` is fed. */
export interface LoggerCall {
  readonly command: string;
  /** What stands on the command line for lines of this level; levels with the same words share a process. */
  readonly args: (level: LogLevel) => readonly string[];
  /** What stands before a line of this level. */
  readonly prefix: (level: LogLevel) => string;
  /** Longer lines must be cut: UTF-16 characters, of up to 3 bytes each. */
  readonly longest: number;
}

export interface SyslogTarget {
  readonly ident: string;
  readonly pid: number;
  /** A socket other than the system's; only util-linux's logger can take it. */
  readonly socket: string | undefined;
}

/** True when a socket (or anything that is written like one) is there. */
export function systemLogListens(socket: string | undefined, platform: NodeJS.Platform): boolean {
  const path = socket ?? (platform === 'darwin' ? '/var/run/syslog' : '/dev/log');
  return statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

/** util-linux's logger reads a priority from each line; those of macOS, the BSDs and busybox do not. */
export function readsPriorities(command: string): boolean {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 5_000 });
  return stdout.includes('util-linux');
}

/** How to call util-linux's logger: one process for all levels. */
export function prefixCall(command: string, { ident, pid, socket }: SyslogTarget): LoggerCall {
  const where = socket === undefined ? [] : ['--socket', socket];
  const form = ['--socket-errors=on', '--size', '8192', `--id=${pid}`, '-t', ident, '--prio-prefix'];
  return {
    command,
    args: () => [...where, ...form],
    prefix: (level) => `<${FACILITY * 8 + SEVERITIES[level]}>`,
    longest: 2_000,
  };
}

/** How to call any other logger: one process a level; our process id stands in the name. */
export function portableCall(command: string, { ident, pid }: SyslogTarget): LoggerCall {
  return {
    command,
    args: (level) => ['-t', `${ident}[${pid}]`, '-p', `user.${SEVERITY_NAMES[level]}`],
    prefix: () => '',
    longest: 300,
  };
}
