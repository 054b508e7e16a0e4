import { pino } from 'pino';
import { callerOf } from './caller.ts';
import type { Log, LogFields, LogLevel } from './log.ts';

/** pino's names of the levels 0 to 3. */
export const PINO_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

const NUMBERS = PINO_LEVELS.map((name) => pino.levels.values[name]);

/** The level 0 to 3 of one of pino's numbers. */
export function levelOf(number: number): LogLevel {
  return NUMBERS.indexOf(number) as LogLevel;
}

/** Our four levels on top of pino's. */
export function leveledLog(level: LogLevel, logger: pino.Logger): Log {
  const methodOf = (level: LogLevel): Log['info'] => {
    return (event, message, fields) => {
      write(logger, level, { event, ...fields }, message);
    };
  };
  return { level, error: methodOf(0), warning: methodOf(1), info: methodOf(2), debug: methodOf(3) };
}

function write(logger: pino.Logger, level: LogLevel, fields: LogFields, message: string): void {
  logger[PINO_LEVELS[level]](fields, message);
}

/** For pino's mixin: where the log was called. */
export function callerField(): { readonly caller: string } {
  return { caller: callerOf(write) };
}
