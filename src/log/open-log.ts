import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { pino } from 'pino';
import { callerOf } from './caller.ts';
import type { Output, Rescue } from './output.ts';
import { fileOutput } from './file-output.ts';
import { harmlessJson } from '../text/harmless.ts';
import type { Log, LogFields, LogLevel } from './log.ts';
import { bareLine, datedLine } from './log-line.ts';
import { syslogOutput } from './syslog-output.ts';

export interface LogOptions {
  readonly level: LogLevel;
  readonly syslog: boolean;
  readonly stderr: boolean;
  readonly logfile: string | undefined;
  readonly logformat: 'text' | 'json';
  /** The name in the system log: the plugin's. */
  readonly ident: string;
  /** Writes a line on a terminal that shows progress too (TerminalProgress.around). */
  readonly around?: ((write: () => void) => void) | undefined;
  /** A system log's socket other than the system's; default from QUALYS_CONNECTOR_SYSLOG_SOCKET. */
  readonly syslogSocket?: string | undefined;
  readonly now?: () => Date;
}

export interface OpenLog extends Log {
  /** The same log with `label: ` before each message (in JSON a field `label`): for runs of several templates. */
  labelled(label: string): Log;
  /** Resolves when the last line has reached its output. What is logged later goes to standard error. */
  close(): Promise<void>;
}

/** pino's names of the levels 0 to 3. */
const PINO_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
const PINO_NUMBERS = PINO_LEVELS.map((name) => pino.levels.values[name]);
const JSON_LEVELS: Readonly<Record<string, string>> = { warn: 'warning' };

/**
 * Opens the log. With none of -syslog, -stderr and -logfile it goes to standard output. Every output is
 * written before a call returns (the system log: handed to its process), so that nothing is lost however the
 * process ends. Throws LogFileNotWritableError before anything is logged.
 */
export function openLog(options: LogOptions): OpenLog {
  const now = options.now ?? (() => new Date());
  const rescue = rescueTo(options, now);
  const outputs = openOutputs(options, rescue);
  const logger = pino(
    {
      level: PINO_LEVELS[options.level],
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: JSON_LEVELS[label] ?? label }) },
    },
    pino.multistream(outputs.map((to) => ({ level: 'debug', stream: lineStream(to, options, now) }))),
  );
  const write: Write = (level, message, fields) => {
    logger[PINO_LEVELS[level]](fields, message);
  };
  const stopListening = reopenOnHangup(outputs);
  return {
    ...logMethods(options.level, write),
    labelled: (label) =>
      logMethods(options.level, (level, message, fields) => {
        write(level, options.logformat === 'json' ? message : `${label}: ${message}`, { ...fields, label });
      }),
    async close() {
      stopListening();
      await Promise.all(outputs.map((to) => to.close()));
    },
  };
}

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

function logMethods(highest: LogLevel, write: Write): Log {
  const methodOf = (level: LogLevel): Log['info'] => {
    const method: Log['info'] = (event, message, fields) => {
      if (level > highest) return;
      // Only level 3 pays for finding out who calls.
      const caller = highest === 3 ? { caller: callerOf(method) } : {};
      write(level, message, { event, ...fields, ...caller });
    };
    return method;
  };
  return {
    level: highest,
    error: methodOf(0),
    warning: methodOf(1),
    info: methodOf(2),
    debug: methodOf(3),
  };
}

/** Standard output when nothing else is chosen; standard error also in place of a system log that is not there. */
function openOutputs(options: LogOptions, rescue: Rescue): Output[] {
  const outputs: Output[] = [];
  if (options.logfile !== undefined) outputs.push(fileOutput(options.logfile, rescue));
  const socket = options.syslogSocket ?? process.env.QUALYS_CONNECTOR_SYSLOG_SOCKET;
  const syslog = options.syslog ? syslogOutput({ ident: options.ident, socket }, rescue) : undefined;
  if (syslog !== undefined) outputs.push(syslog);
  if (options.stderr || (options.syslog && syslog === undefined)) outputs.push(console(2, options, rescue));
  if (outputs.length === 0) outputs.push(console(1, options, rescue));
  return outputs;
}

/** Standard output or error; on a terminal the lines keep out of the progress's way. */
function console(descriptor: 1 | 2, { around }: LogOptions, rescue: Rescue): Output {
  const output = fileOutput(descriptor, rescue);
  if (around === undefined || !isatty(descriptor)) return output;
  return {
    ...output,
    write: (line) => {
      around(() => {
        output.write(line);
      });
    },
  };
}

/** Shows on standard error what an output could not take, unless all of it is shown there anyway. */
function rescueTo({ stderr, logformat }: LogOptions, now: () => Date): Rescue {
  const show = (text: string): void => {
    try {
      writeSync(2, `${text}\n`);
    } catch {
      // Standard error is the last place there is: nobody is left to tell.
    }
  };
  return {
    trouble: (event, message) => {
      const time = now();
      const record = { level: 'warning', time: time.toISOString(), pid: process.pid, event, msg: message };
      show(
        logformat === 'json'
          ? JSON.stringify(record)
          : datedLine({ time, level: 1, message, caller: undefined }),
      );
    },
    line: (line) => {
      if (!stderr) show(line.whole);
    },
  };
}

// pino's own symbol for streams that want the record's parts.
const METADATA = pino.symbols.needsMetadataGsym;

/** What pino tells of a record beside its JSON. */
interface RecordStream extends pino.DestinationStream {
  readonly [METADATA]: true;
  lastLevel: number;
  lastMsg: string;
  lastObj: { readonly caller?: string };
}

/** An output as pino knows it: the parts of the record are set before each write. */
function lineStream(to: Output, { logformat }: LogOptions, now: () => Date): pino.DestinationStream {
  const stream: RecordStream = {
    [METADATA]: true,
    lastLevel: 0,
    lastMsg: '',
    lastObj: {},
    write(json) {
      const level = PINO_NUMBERS.indexOf(stream.lastLevel) as LogLevel;
      if (logformat === 'json') {
        const line = harmlessJson(json.trimEnd());
        to.write({ level, whole: line, bare: line });
      } else {
        const record = { time: now(), level, message: stream.lastMsg, caller: stream.lastObj.caller };
        to.write({ level, whole: datedLine(record), bare: bareLine(record) });
      }
    },
  };
  return stream;
}

function reopenOnHangup(outputs: readonly Output[]): () => void {
  const files = outputs.filter((to) => to.reopen !== undefined);
  const reopen = (): void => {
    for (const file of files) file.reopen?.();
  };
  if (files.length > 0) process.on('SIGHUP', reopen);
  return () => process.off('SIGHUP', reopen);
}
