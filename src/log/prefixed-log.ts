import type { Log } from './log.ts';

/** The same log, each message with words before it: which of several templates it is about. */
export function prefixedLog(log: Log, prefix: string): Log {
  return {
    level: log.level,
    error: (event, message, fields) => {
      log.error(event, prefix + message, fields);
    },
    warning: (event, message, fields) => {
      log.warning(event, prefix + message, fields);
    },
    info: (event, message, fields) => {
      log.info(event, prefix + message, fields);
    },
    debug: (event, message, fields) => {
      log.debug(event, prefix + message, fields);
    },
  };
}
