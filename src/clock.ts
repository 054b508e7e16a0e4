import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance; tests bring their own. A wait between two tries is a `sleep`, a time limit is an `after`. */
export interface Clock {
  /** Milliseconds since the epoch, for what is shown and for names. It may jump: nothing is waited for by it. */
  now(): number;
  /** Milliseconds since some moment; never jumps. */
  monotonic(): number;
  /** From 0 up to, but not, 1. */
  random(): number;
  /** Resolves after so many milliseconds; rejects with `signal.reason` as soon as that is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Calls back once after so many milliseconds; the function returned takes that back. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Node ends a timer of more than 2^31 - 1 ms at once, so longer ones are cut to that (24 days). */
const LONGEST = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    try {
      await delay(Math.min(milliseconds, LONGEST), undefined, { signal });
    } catch {
      throw signal.reason;
    }
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST));
    return () => {
      clearTimeout(timer);
    };
  },
};

export interface TimeLimit {
  readonly seconds: number;
  /** Ends the wait too, with its own reason. */
  readonly signal: AbortSignal;
  /** Makes the error for when time is up. */
  readonly late: () => Error;
  readonly clock?: Clock;
}

/**
 * Waits for work under a time limit that also ends with the run. Work that heeds its signal is stopped; other work
 * is left to itself.
 * @throws what `late` makes, the reason of `signal`, or what `work` throws
 */
export async function withinTime<T>(
  { seconds, signal, late, clock = systemClock }: TimeLimit,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => {
      reject(limit.signal.reason as Error);
    });
  });
  const cancel = clock.after(seconds * 1000, () => {
    limit.abort(late());
  });
  const stop = () => {
    limit.abort(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    // `ended` stands first: work that heeds the signal fails in the same moment, with a lesser reason.
    return await Promise.race([ended, work(limit.signal)]);
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}

/** @param started of `performance.now()` */
export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
