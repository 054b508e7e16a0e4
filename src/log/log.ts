/** 0 error, 1 warning, 2 info, 3 debug: the levels of the original. */
export type LogLevel = 0 | 1 | 2 | 3;

/** Values for the JSON form of a log line; never secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * What every stage logs to. `event` is a stable dotted name (`report.complete`) that only the JSON form shows;
 * `message` is the sentence that people read.
 */
export interface Log {
  readonly level: LogLevel;
  error(event: string, message: string, fields?: LogFields): void;
  warning(event: string, message: string, fields?: LogFields): void;
  info(event: string, message: string, fields?: LogFields): void;
  debug(event: string, message: string, fields?: LogFields): void;
}
