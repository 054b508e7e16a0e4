import type { Log } from '../log/log.ts';
import { grouped } from '../text/grouped.ts';
import type { Changes } from './changes.ts';

/** New findings of severity 5 that the log names. */
const MOST_TOLD = 10;

/**
 * Names the gravest of what is new, which people would rather not look for.
 * @param otherRules rules that are not those of last time: what differs may be their doing, and is not named
 */
export function tellChanges(
  { since, findings, newFindings }: Changes,
  otherRules: readonly string[],
  titleOf: (qid: number) => string | undefined,
  log: Log,
): void {
  // The first time everything is new.
  if (since === null) return;
  if (otherRules.length > 0) {
    log.info(
      'changes.rules',
      `What is new and gone was compared under other rules: ${otherRules.join(', ')}`,
    );
    return;
  }
  const told = newFindings.filter(({ severity }) => severity === 5).slice(0, MOST_TOLD);
  for (const { address, qid, port, protocol } of told) {
    const title = titleOf(qid);
    const called = title === undefined ? '' : ` "${title}"`;
    const place = port === 0 ? '' : ` on port ${port} ${protocol}`.trimEnd();
    log.info('changes.severe', `New, severity 5: host ${address}, QID ${qid}${called}${place}`, {
      address,
      qid,
    });
  }
  const more = findings.newBySeverity[5] - told.length;
  if (more > 0) log.info('changes.severe', `New, severity 5: ${grouped(more)} more findings like these`);
}
