import type { Log } from '../../log/log.ts';
import type { TimeBudget } from './time-budget.ts';
import { TransientError } from './transient.ts';

export interface Persistence {
  readonly budget: TimeBudget;
  readonly log: Log;
  /** Told of each trouble, so that a time-out can name the last one. */
  readonly troubled: (trouble: string) => void;
  /** Told of each pause and what it is for. */
  readonly pausing?: (seconds: number, trouble: TransientError) => void;
}

/**
 * Runs the operation until it succeeds, pausing longer after each transient trouble, at random within the upper half of
 * the pause so that many connectors do not come back at once. A pause is never shorter than its least: the budget's end
 * cuts it off. Throws what is not transient; throws the trouble's
 * last word when its tries are used up or Qualys asks to wait longer than the time left; throws the budget's
 * reason when the time runs out.
 */
export async function persist<T>(
  { budget, log, troubled, pausing }: Persistence,
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
      if (attempt >= error.tries || (error.waitSeconds ?? 0) > budget.remainingSeconds()) throw error.last;
      const seconds = pauseAfter(error, attempt, budget.clock.random());
      log.warning('qualys.retry', `${error.message} Next try (${doing}) in ${Math.ceil(seconds)} s.`, {
        attempt,
        seconds: Math.ceil(seconds),
      });
      pausing?.(seconds, error);
      await budget.pause(seconds);
    }
  }
}

/** Seconds: what Qualys asks for, but never none; else up to 4, 8, 16, … and the longest pause. */
function pauseAfter(error: TransientError, attempt: number, random: number): number {
  if (error.waitSeconds !== undefined) return Math.max(1, error.waitSeconds) + random;
  const full = Math.min(error.longestPause, 2 ** Math.min(attempt + 1, 20));
  return full / 2 + (random * full) / 2;
}
