import type { ConnectorError } from '../../connector-error.ts';

export interface TransientOptions {
  /** What happened, one sentence for the log. */
  readonly trouble: string;
  /** What to throw when the tries are used up. */
  readonly last: ConnectorError;
  /** Whether Qualys may have done what was asked although no good answer came. */
  readonly maybeDone: boolean;
  /** Seconds that Qualys asks to wait. */
  readonly waitSeconds?: number;
  /** Longest pause between two tries, in seconds. */
  readonly longestPause?: number;
  /** How often it is worth trying in all; default: until the time is up. */
  readonly tries?: number;
  /** Qualys' own number for it. */
  readonly number?: number;
}

/** A trouble that may pass: never leaves this room, `persist` either overcomes it or throws its `last`. */
export class TransientError extends Error {
  readonly last: ConnectorError;
  readonly maybeDone: boolean;
  readonly waitSeconds: number | undefined;
  readonly longestPause: number;
  readonly tries: number;
  readonly number: number | undefined;

  constructor(options: TransientOptions) {
    super(options.trouble, { cause: options.last });
    this.name = 'TransientError';
    this.last = options.last;
    this.maybeDone = options.maybeDone;
    this.waitSeconds = options.waitSeconds;
    this.longestPause = options.longestPause ?? 60;
    this.tries = options.tries ?? Infinity;
    this.number = options.number;
  }
}
