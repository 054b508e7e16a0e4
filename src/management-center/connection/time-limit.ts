/**
 * Waits for work under a time limit that also ends with the run. Work that heeds its signal is stopped; other work
 * is left to itself.
 * @param late makes the error for when time is up
 * @throws what `late` makes, the reason of `signal`, or what `work` throws
 */
export async function withinTime<T>(
  seconds: number,
  signal: AbortSignal,
  late: () => Error,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => {
      reject(limit.signal.reason as Error);
    });
  });
  const timer = setTimeout(() => {
    limit.abort(late());
  }, seconds * 1000);
  const stop = () => {
    limit.abort(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    // `ended` stands first: work that heeds the signal fails in the same moment, with a lesser reason.
    return await Promise.race([ended, work(limit.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
