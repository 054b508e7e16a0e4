import type { Clock } from '../../clock.ts';

/** A stretch of time that ends by itself or when its parent is aborted. */
export interface TimeBudget {
  readonly clock: Clock;
  /** Aborted at the end of the time, or with the parent, whose reason it then has. */
  readonly signal: AbortSignal;
  elapsedSeconds(): number;
  remainingSeconds(): number;
  /** Waits; rejects with the reason when the time ends or the parent is aborted. */
  pause(seconds: number): Promise<void>;
  /** Shortens what is left. */
  shortenTo(seconds: number): void;
  /** Frees the timer. */
  end(): void;
}

export interface TimeBudgetOptions {
  readonly clock: Clock;
  readonly seconds: number;
  readonly parent?: AbortSignal;
  /** Made when the time has run out; becomes the signal's reason. */
  readonly expired: () => Error;
}

export function startTimeBudget({ clock, seconds, parent, expired }: TimeBudgetOptions): TimeBudget {
  const controller = new AbortController();
  const started = clock.monotonic();
  let ends = started + seconds * 1000;
  const expire = (): void => {
    controller.abort(expired());
  };
  let cancel = clock.after(seconds * 1000, expire);
  const signal = parent ? AbortSignal.any([parent, controller.signal]) : controller.signal;
  const remainingSeconds = (): number => Math.max(0, (ends - clock.monotonic()) / 1000);
  return {
    clock,
    signal,
    elapsedSeconds: () => (clock.monotonic() - started) / 1000,
    remainingSeconds,
    pause: (pauseSeconds) => clock.sleep(pauseSeconds * 1000, signal),
    shortenTo(limit) {
      if (limit >= remainingSeconds()) return;
      cancel();
      ends = clock.monotonic() + limit * 1000;
      cancel = clock.after(limit * 1000, expire);
    },
    end() {
      cancel();
    },
  };
}
