import type { Log } from './log.ts';

const nothing = (): void => undefined;

/** Keeps nothing: for work that is done again, of which the log was told the first time. */
export const silentLog: Log = { level: 0, error: nothing, warning: nothing, info: nothing, debug: nothing };
