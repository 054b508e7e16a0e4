import type { Log } from '../log/log.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Warns of findings that are old: what was found since then is not in them.
 * @param generated as the source writes it, e.g. 2026-01-15T06:00:00Z; what is no time is passed over
 * @param now milliseconds since the epoch
 * @param limit days
 */
export function tellAge(generated: string, now: number, limit: number, log: Log): void {
  const days = (now - Date.parse(generated)) / DAY;
  if (!(days > limit)) return;
  log.warning(
    'report.old',
    `The report was generated ${Math.floor(days)} days ago (max_report_age: ${limit}): what is newer is not in it`,
    { generated },
  );
}
