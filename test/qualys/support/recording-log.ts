import type { Log, LogFields } from '../../../src/log/log.ts';

export interface RecordingLog extends Log {
  readonly lines: readonly {
    level: string;
    event: string;
    message: string;
    fields: LogFields | undefined;
  }[];
  /** Everything logged, for searching. */
  text(): string;
  messages(level: string): string[];
}

export function makeRecordingLog(): RecordingLog {
  const lines: RecordingLog['lines'][number][] = [];
  const at = (level: string) => (event: string, message: string, fields?: LogFields) => {
    lines.push({ level, event, message, fields });
  };
  return {
    level: 3,
    lines,
    error: at('error'),
    warning: at('warning'),
    info: at('info'),
    debug: at('debug'),
    text: () => JSON.stringify(lines),
    messages: (level) => lines.filter((line) => line.level === level).map(({ message }) => message),
  };
}
