import type { Log, LogFields, LogLevel } from '../../src/log/log.ts';

interface LogEntry {
  readonly level: 'error' | 'warning' | 'info' | 'debug';
  readonly event: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A log that keeps what it is told, for looking at. */
export interface RecordingLog extends Log {
  readonly entries: readonly LogEntry[];
  /** Each message with its level in front: `WARNING The disk is nearly full.` */
  readonly lines: readonly string[];
  messages(level: LogEntry['level']): string[];
  /** Everything logged, for searching. */
  text(): string;
}

/** @param level what callers are told that the log keeps; it keeps everything */
export function recordingLog(level: LogLevel = 3): RecordingLog {
  const entries: LogEntry[] = [];
  const at = (name: LogEntry['level']) => (event: string, message: string, fields?: LogFields) => {
    entries.push({ level: name, event, message, fields });
  };
  return {
    level,
    error: at('error'),
    warning: at('warning'),
    info: at('info'),
    debug: at('debug'),
    entries,
    get lines() {
      return entries.map((entry) => `${entry.level.toUpperCase()} ${entry.message}`);
    },
    messages: (name) => entries.filter((entry) => entry.level === name).map(({ message }) => message),
    text: () => JSON.stringify(entries),
  };
}
