/** Starts a timer; the function that comes back stops it. Given in from outside so that tests need not wait. */
export type StartTimer = (milliseconds: number, then: () => void) => () => void;

/** Above this Node's timers ring at once. */
const LONGEST = 2 ** 31 - 1;

export const startTimer: StartTimer = (milliseconds, then) => {
  const timer = setTimeout(then, Math.min(milliseconds, LONGEST));
  return () => {
    clearTimeout(timer);
  };
};

/** Resolves after that time; rejects with the signal's reason as soon as it is aborted. */
export function wait(milliseconds: number, signal: AbortSignal, timer: StartTimer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const stop = timer(milliseconds, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
