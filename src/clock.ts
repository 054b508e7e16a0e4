import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance as this room uses them; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
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
