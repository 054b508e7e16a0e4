import type { Clock } from '../../src/clock.ts';

/** Time that stands still until somebody sleeps, or the test moves it on. */
export interface FakeClock extends Clock {
  /** Moves time on and calls back whatever has become due. */
  advance(milliseconds: number): void;
  /** Moves time on to what becomes due first. */
  advanceToNext(): void;
  /** Sets the time of day, as a time server does: nothing becomes due by that. */
  jump(milliseconds: number): void;
  /** Milliseconds slept, in order. */
  readonly sleeps: readonly number[];
}

export function makeFakeClock(start = Date.UTC(2026, 0, 31, 2, 0, 0)): FakeClock {
  let now = start;
  let jumped = 0;
  const due = new Map<object, { at: number; callback: () => void }>();
  const sleeps: number[] = [];
  const advance = (milliseconds: number): void => {
    now += milliseconds;
    for (const [key, timer] of [...due]) {
      if (timer.at > now) continue;
      due.delete(key);
      timer.callback();
    }
  };
  return {
    now: () => now + jumped,
    monotonic: () => now - start,
    random: () => 0.5,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      sleeps.push(milliseconds);
      advance(milliseconds);
      await new Promise(setImmediate);
      signal.throwIfAborted();
    },
    after(milliseconds, callback) {
      const key = {};
      due.set(key, { at: now + milliseconds, callback });
      return () => {
        due.delete(key);
      };
    },
    advance,
    advanceToNext() {
      advance(Math.max(0, Math.min(...[...due.values()].map(({ at }) => at)) - now));
    },
    jump: (milliseconds) => (jumped += milliseconds),
    sleeps,
  };
}
