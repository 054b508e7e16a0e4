import { pino } from 'pino';
import { isStandardOutput } from '../files/special-file.ts';
import { callerField, leveledLog, PINO_LEVELS } from './levels.ts';
import type { Log, LogLevel } from './log.ts';
import { openOutputs, type OutputOptions } from './open-outputs.ts';
import type { Output } from './output.ts';
import { recordStream } from './record-stream.ts';
import { rescueTo, showOnStderr } from './rescue.ts';
import { harmless } from '../text/harmless.ts';

export interface LogOptions extends OutputOptions {
  readonly level: LogLevel;
  /** Where commands go; undefined: to the Management Center. */
  readonly csvfile?: string | undefined;
  readonly logformat: 'text' | 'json';
  /** Times of text lines in UTC as ISO 8601 has them; absent: local, in the form of the Perl connector. */
  readonly utc?: boolean;
  readonly now?: () => Date;
}

export interface OpenLog extends Log {
  /**
   * The same log with `label: ` before each message (in JSON a field `label`): for runs of several templates; for those to
   * several Management Centers with `server: ` before that (in JSON a field `server`).
   */
  labelled(label: string | undefined, server?: string): Log;
  /** A sentence that whoever started the program must see: on standard error, unless the log goes to the console. */
  aside(sentence: string): void;
  /** Resolves when the last line has reached its output. What is logged later goes to standard error. */
  close(): Promise<void>;
}

/**
 * Opens the log. With none of -syslog, -stderr and -logfile it goes to standard output. Every output is
 * written before a call returns (the system log: handed to its process), so that nothing is lost however the
 * process ends.
 * @throws LogFileNotWritableError before anything is logged
 */
export function openLog(options: LogOptions): OpenLog {
  const { level, logformat, utc = false, now = () => new Date() } = options;
  // Where the commands go to standard output, no line of the log may stand among them.
  const stderr =
    options.stderr || (isStandardOutput(options.csvfile) && !options.syslog && options.logfile === undefined);
  const outputs = { ...options, stderr, utc };
  const { all, onConsole } = openOutputs(outputs, rescueTo(outputs, now));
  const logger = pino(
    {
      level: PINO_LEVELS[level],
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (name) => ({ level: name === 'warn' ? 'warning' : name }) },
      // Only level 3 pays for finding out who calls.
      ...(level === 3 && { mixin: callerField }),
    },
    recordStream(outputs, now, (line) => {
      for (const output of all) output.write(line);
    }),
  );
  const stopListening = reopenOnHangup(all);
  return {
    ...leveledLog(level, logger),
    labelled: (label, server) => {
      const msgPrefix = [server, label].map((word) => (word === undefined ? '' : `${word}: `)).join('');
      return leveledLog(level, logger.child({ label, server }, logformat === 'json' ? {} : { msgPrefix }));
    },
    aside(sentence) {
      if (!onConsole) showOnStderr(sentence.split('\n').map(harmless).join('\n'));
    },
    async close() {
      stopListening();
      await Promise.all(all.map((output) => output.close()));
    },
  };
}

function reopenOnHangup(outputs: readonly Output[]): () => void {
  const files = outputs.filter((output) => output.reopen !== undefined);
  const reopen = (): void => {
    for (const file of files) file.reopen?.();
  };
  if (files.length > 0) process.on('SIGHUP', reopen);
  return () => process.off('SIGHUP', reopen);
}
