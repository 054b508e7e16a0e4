import type { Clock } from '../../clock.ts';

/** Gives a call up when nothing has come for too long. */
export interface SilenceGuard {
  /** Aborted with the call's own signal, or when it was silent for too long. */
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** Whether it was silent for too long. */
  readonly broken: boolean;
  /** Something came: the time starts anew. */
  heard(): void;
  end(): void;
}

export function guardSilence(clock: Clock, seconds: number, parent: AbortSignal): SilenceGuard {
  const controller = new AbortController();
  const start = (): (() => void) =>
    clock.after(seconds * 1000, () => {
      controller.abort(new Error(`silent for ${seconds} s`));
    });
  let cancel = start();
  return {
    signal: AbortSignal.any([parent, controller.signal]),
    seconds,
    get broken() {
      return controller.signal.aborted;
    },
    heard() {
      cancel();
      cancel = start();
    },
    end() {
      cancel();
    },
  };
}
