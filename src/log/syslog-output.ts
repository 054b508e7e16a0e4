import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Output, Line, Rescue } from './output.ts';
import { findProgram } from '../programs/find-program.ts';
import { makePipe, writeAll } from './pipe.ts';
import {
  type LoggerCall,
  portableCall,
  prefixCall,
  readsPriorities,
  systemLogListens,
} from './syslog-logger.ts';

export interface SyslogOptions {
  readonly ident: string;
  /** A socket other than the system's. */
  readonly socket: string | undefined;
}

/** When logger dies, its last lines are shown elsewhere too: no one knows which of them were taken. */
const REMEMBERED = 200;
/** Milliseconds that logger has for its last lines. */
const CLOSING_TIME = 5_000;

/** The system's log, or undefined (after telling why) where there is none. */
export function syslogOutput(options: SyslogOptions, rescue: Rescue): Output | undefined {
  const command = findProgram('logger', process.env.PATH);
  if (command === undefined) {
    rescue.trouble(
      'log.noSyslog',
      'There is no program "logger" here to reach the system log: -syslog logs to standard error.',
    );
    return undefined;
  }
  if (!systemLogListens(options.socket, process.platform)) {
    rescue.trouble('log.noSyslog', 'No system log is listening here: -syslog logs to standard error.');
    return undefined;
  }
  const target = { ...options, pid: process.pid };
  return loggerOutput(
    readsPriorities(command) ? prefixCall(command, target) : portableCall(command, target),
    rescue,
  );
}

/** Feeds `logger` processes, one for each different command line. */
export function loggerOutput(call: LoggerCall, rescue: Rescue): Output {
  const feeds = new Map<string, LoggerFeed>();
  return {
    write(line) {
      const args = call.args(line.level);
      const key = args.join('\0');
      const feed = feeds.get(key) ?? startOrExcuse(call, args, rescue);
      feeds.set(key, feed);
      feed.write(line);
    },
    async close() {
      await Promise.all([...feeds.values()].map((feed) => feed.end()));
    },
  };
}

interface LoggerFeed {
  write(line: Line): void;
  end(): Promise<void>;
}

/** Never throws, as writing a log line must not: without a pipe or a process the lines go to the rescue. */
function startOrExcuse(call: LoggerCall, args: readonly string[], rescue: Rescue): LoggerFeed {
  try {
    return startLogger(call, args, rescue);
  } catch (error) {
    rescue.trouble('log.syslogLost', lostText(String(error)));
    return {
      write: (line) => {
        rescue.line(line);
      },
      end: () => Promise.resolve(),
    };
  }
}

function startLogger(call: LoggerCall, args: readonly string[], rescue: Rescue): LoggerFeed {
  const { child, input } = spawnLogger(call.command, args);
  const recent: Line[] = [];
  let dead = false;
  const died = (reason: string): void => {
    if (!dead) rescue.trouble('log.syslogLost', lostText(reason));
    dead = true;
    for (const line of recent.splice(0)) rescue.line(line);
  };
  const ended = whenEnded(child, died);
  return {
    write(line) {
      if (recent.push(line) > REMEMBERED) recent.shift();
      if (dead) {
        died('');
        return;
      }
      const lines = pieces(line.bare, call.longest).map((piece) => `${call.prefix(line.level)}${piece}\n`);
      try {
        writeAll(input, lines.join(''));
      } catch (error) {
        died(String(error));
      }
    },
    async end() {
      closeSync(input);
      const tooLong = setTimeout(() => child.kill('SIGKILL'), CLOSING_TIME);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** Resolves when it has ended; `died` is told the reason where that was no good end. */
async function whenEnded(child: ChildProcess, died: (reason: string) => void): Promise<void> {
  let complaint = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-500)));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) died(complaint.trim() || `exit code ${String(code)}`);
  } catch (error) {
    died(String(error));
  }
}

function lostText(reason: string): string {
  return `The system log cannot be reached (${reason}): the log goes on on standard error, beginning with lines that may be lost.`;
}

/**
 * Starts logger so that only the end of its input ends it: a Ctrl-C or a service manager signals the whole
 * group, and the last lines of an interrupted run matter most. It gets none of our environment.
 */
function spawnLogger(command: string, args: readonly string[]): { child: ChildProcess; input: number } {
  const { read, write } = makePipe();
  const script = 'trap "" INT TERM HUP; exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    stdio: [read, 'ignore', 'pipe'],
    detached: true,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  closeSync(read);
  return { child, input: write };
}

/** A line in pieces that the system log takes whole. */
function pieces(line: string, longest: number): string[] {
  const found: string[] = [];
  for (let from = 0; from === 0 || from < line.length; from += longest) {
    found.push(line.slice(from, from + longest));
  }
  return found;
}
