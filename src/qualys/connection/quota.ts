import type { Log } from '../../log/log.ts';

/** Logs the account's limits as the headers tell them; never X-Powered-By, which names the customer. */
export function tellQuota(header: (name: string) => string | undefined, log: Log): void {
  const left = header('x-ratelimit-remaining');
  if (left === undefined) return;
  const limit = header('x-ratelimit-limit');
  log.debug('qualys.quota', `Qualys: ${left} calls left of ${limit ?? '?'}`, {
    left,
    limit,
    windowSeconds: header('x-ratelimit-window-sec'),
    running: header('x-concurrency-limit-running'),
    runningLimit: header('x-concurrency-limit-limit'),
  });
}
