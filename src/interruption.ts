import { ConnectorError } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import type { OpenLog } from './log/open-log.ts';
import { logFailure } from './outcome.ts';

const EXIT_CODES = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.hungUp,
} as const;

type EndingSignal = keyof typeof EXIT_CODES;

/** Milliseconds that a run has to end in order after an exception that nobody caught. */
const GRACE = 10_000;

/** The run was ended by a signal. */
class InterruptedError extends ConnectorError {
  constructor(signal: EndingSignal) {
    super('QC7101', EXIT_CODES[signal], [
      `The run was ended by ${signal} before it was done.`,
      'Run again to bring in the rest.',
    ]);
  }
}

export interface Interruption {
  /** Aborted by the first signal, with an InterruptedError as its reason, or by an exception that nobody caught. */
  readonly signal: AbortSignal;
  /** Rejects when the run comes to no end by itself: nothing is left that it could wait for. */
  readonly deadEnd: Promise<never>;
  /** Gives signals and exceptions back their usual meaning. */
  stop(): void;
}

/**
 * Turns the first SIGINT or SIGTERM into an orderly end; a second one ends the process at once.
 * SIGHUP ends a run too, unless `reopensOnHangup` says that it means a rotated log file. However a run stumbles, its
 * caller is told and can conclude it.
 */
export function watchForInterruption(log: OpenLog, reopensOnHangup: boolean): Interruption {
  const controller = new AbortController();
  const signals: EndingSignal[] = reopensOnHangup ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const onSignal = (name: NodeJS.Signals): void => {
    const signal = name as EndingSignal;
    if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
    const text = `${signal}: ending in order; once more to end at once`;
    log.warning('run.interrupted', text, { signal });
    log.aside(text);
    controller.abort(new InterruptedError(signal));
  };
  const { promise: deadEnd, reject } = rejectable();
  const onUncaught = (error: unknown): void => {
    // Told at once when the run has another reason to end already.
    if (controller.signal.aborted) logFailure(log, error);
    controller.abort(error);
    setTimeout(reject, GRACE, error).unref();
  };
  const onIdle = (): void => {
    const { signal } = controller;
    reject(signal.aborted ? signal.reason : new Error('The run is not done, and nothing of it goes on'));
  };
  for (const signal of signals) process.on(signal, onSignal);
  process.on('uncaughtException', onUncaught).on('beforeExit', onIdle);
  return {
    signal: controller.signal,
    deadEnd,
    stop: () => {
      for (const signal of signals) process.off(signal, onSignal);
      process.off('uncaughtException', onUncaught).off('beforeExit', onIdle);
    },
  };
}

function rejectable(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  // Mostly nobody rejects it, and whoever awaits it has his own handler.
  promise.catch(() => undefined);
  return { promise, reject };
}
