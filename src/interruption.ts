import { ConnectorError } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import type { Log } from './log/log.ts';

const EXIT_CODES = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.hungUp,
} as const;

type EndingSignal = keyof typeof EXIT_CODES;

/** The run was ended by a signal. */
export class InterruptedError extends ConnectorError {
  constructor(signal: EndingSignal) {
    super('QC7101', EXIT_CODES[signal], [
      `The run was ended by ${signal} before it was done.`,
      'The summary says what was delivered; run again to bring in the rest.',
    ]);
  }
}

export interface Interruption {
  /** Aborted by the first signal, with an InterruptedError as its reason. */
  readonly signal: AbortSignal;
  /** Gives the signals back their usual meaning. */
  stop(): void;
}

/**
 * Turns the first SIGINT or SIGTERM into an orderly end; a second one ends the process at once.
 * SIGHUP ends a run too, unless `reopensOnHangup` says that it means a rotated log file.
 */
export function watchForInterruption(log: Log, reopensOnHangup: boolean): Interruption {
  const controller = new AbortController();
  const signals: EndingSignal[] = reopensOnHangup ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const onSignal = (name: NodeJS.Signals): void => {
    const signal = name as EndingSignal;
    if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
    log.warning('run.interrupted', `${signal}: ending in order; once more to end at once`, { signal });
    controller.abort(new InterruptedError(signal));
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
