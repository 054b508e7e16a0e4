import { ConnectorError } from '../../connector-error.ts';

export interface TransientOptions {
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
  /** Whether what was asked took too long: less of it may come. */
  readonly timedOut?: boolean;
  /** Whether what came was broken: some of its contents may be the reason. */
  readonly ofContents?: boolean;
  /** Whether the same is to be asked again: Qualys is at work on it or on itself, or fails for now. */
  readonly sameAgain?: boolean;
}

/** A trouble that may pass: never leaves this room, `persist` either overcomes it or throws its `last`. */
export class TransientError extends Error {
  /** What to throw when the tries are used up. */
  readonly last: ConnectorError;
  readonly maybeDone: boolean;
  readonly waitSeconds: number | undefined;
  readonly longestPause: number;
  readonly tries: number;
  readonly number: number | undefined;
  readonly timedOut: boolean;
  readonly ofContents: boolean;
  readonly sameAgain: boolean;

  constructor(last: ConnectorError, options: TransientOptions) {
    super(last.happened, { cause: last });
    this.name = 'TransientError';
    this.last = last;
    this.maybeDone = options.maybeDone;
    this.waitSeconds = options.waitSeconds;
    this.longestPause = options.longestPause ?? 60;
    this.tries = options.tries ?? Infinity;
    this.number = options.number;
    this.timedOut = options.timedOut ?? false;
    this.ofContents = options.ofContents ?? false;
    this.sameAgain = options.sameAgain ?? false;
  }

  /** The same, worth a try however often it came: the next one asks for something else. */
  forNextCall(): TransientError {
    return new TransientError(this.last, {
      maybeDone: this.maybeDone,
      longestPause: this.longestPause,
      timedOut: this.timedOut,
      ofContents: this.ofContents,
    });
  }
}

/**
 * What happened, for who speaks of it.
 * @throws the error itself where it is neither a trouble nor a failure that the user can do something about
 */
export function happenedIn(error: unknown): string {
  if (error instanceof TransientError) return error.last.happened;
  if (error instanceof ConnectorError) return error.happened;
  throw error;
}
