import type { Log } from '../../log/log.ts';
import type { TimeBudget } from './time-budget.ts';
import { TransientError } from './transient.ts';

export interface Persistence {
  readonly budget: TimeBudget;
  readonly log: Log;
  /** Told of each trouble, so that a time-out can name the last one. */
  readonly troubled: (trouble: string) => void;
}

/**
 * Runs the operation until it succeeds, pausing longer after each transient trouble, at random within the upper half of
 * the pause so that many connectors do not come back at once. Throws what is not transient; throws the trouble's
 * last word when its tries are used up or Qualys asks to wait longer than the time left; throws the budget's
 * reason when the time runs out.
 */
export async function persist<T>(
  { budget, log, troubled }: Persistence,
  doing: string,
  operation: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    budget.signal.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      budget.signal.throwIfAborted();
      if (!(error instanceof TransientError)) throw error;
      troubled(error.message);
      const seconds = pauseAfter(error, attempt, budget);
      if (attempt >= error.tries || seconds > budget.remainingSeconds()) throw error.last;
      log.warning('qualys.retry', `${error.message} Next try (${doing}) in ${Math.ceil(seconds)} s.`, {
        attempt,
        seconds: Math.ceil(seconds),
      });
      await budget.pause(seconds);
    }
  }
}

/** Seconds: what Qualys asks for; else 2, 4, 8, … up to the longest pause, but never past the end of the budget. */
function pauseAfter(error: TransientError, attempt: number, budget: TimeBudget): number {
  if (error.waitSeconds !== undefined) return error.waitSeconds + budget.clock.random();
  const full = Math.min(error.longestPause, 2 ** Math.min(attempt + 1, 20));
  return Math.min(full / 2 + (budget.clock.random() * full) / 2, budget.remainingSeconds());
}
