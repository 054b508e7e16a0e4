import type { Log } from '../log/log.ts';
import { grouped } from '../text/grouped.ts';
import type { Changes } from './changes.ts';
import type { Comparison } from './comparison.ts';
import { placeOf, qidOf } from './findings.ts';

/**
 * Names the gravest of what is new, which people would rather not look for.
 * @param otherRules rules that are not those of last time: what differs may be their doing, and is not named
 */
export function tellChanges(
  { since }: Changes,
  { severe, severeCount }: Comparison,
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
  for (const { address, finding } of severe) {
    const qid = qidOf(finding);
    const title = titleOf(qid);
    const called = title === undefined ? '' : ` "${title}"`;
    log.info('changes.severe', `New, severity 5: host ${address}, QID ${qid}${called}${placeOf(finding)}`, {
      address,
      qid,
    });
  }
  const more = severeCount - severe.length;
  if (more > 0) log.info('changes.severe', `New, severity 5: ${grouped(more)} more findings like these`);
}
