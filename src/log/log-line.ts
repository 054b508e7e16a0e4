import type { LogLevel } from './log.ts';
import { harmless } from '../text/harmless.ts';

/** The levels' names in a line, by their numbers. */
const LEVEL_NAMES = ['ERROR', 'WARNING', 'INFO', 'DEBUG'] as const;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** C's ctime() without its line end, in local time: `Mon Nov  3 00:00:00 2025`. */
export function ctime(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  const day = String(time.getDate()).padStart(2);
  return `${DAYS[time.getDay()]} ${MONTHS[time.getMonth()]} ${day} ${clock} ${time.getFullYear()}`;
}

/** One record of the log, before it takes the form of a sink. */
export interface LogRecord {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  /** `file,line` of the caller; only at level 3. */
  readonly caller: string | undefined;
}

/** `[LEVEL] message`, at level 3 with ` [file,line]`: what goes to syslog (SFHILog). One line, without its end. */
export function bareLine({ level, message, caller }: LogRecord): string {
  const line = `[${LEVEL_NAMES[level]}] ${harmless(message)}`;
  return caller === undefined ? line : `${line} [${caller}]`;
}

/** `Www Mmm dd HH:MM:SS YYYY [LEVEL] message`, as the Perl connector's log files have it. @param utc ISO 8601 in its place */
export function datedLine(record: LogRecord, utc: boolean): string {
  return `${utc ? record.time.toISOString() : ctime(record.time)} ${bareLine(record)}`;
}
