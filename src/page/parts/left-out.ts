/** What was left out, and why. */
import { COUNTERS } from '../../conversion/counts.ts';
import type { InputSummary } from '../../summary/run-summary.ts';
import { bar } from '../bars.ts';
import { markup, type Markup } from '../markup.ts';
import { type Heading, type Row, tableOf } from '../tables.ts';
import { counted, percent } from '../words.ts';

/** Why, in more words than the log has room for; what is not here is called as it is there. */
const WHY: Readonly<Record<string, string>> = {
  error: 'Qualys reports an error in place of findings',
  type: 'of a type that is not imported',
  severity: 'below the lowest severity that is imported',
  duplicate: 'the same finding came before on the same host',
  invalid: 'no valid QID, or ids that are too long to be sent',
};

export function leftOutPart(counts: NonNullable<InputSummary['counts']>, heading: Heading): Markup {
  const rows = [
    ...leftOutRows('Hosts', counts.hosts.skipped, COUNTERS.hosts.skipped, counts.hosts.inReport),
    ...leftOutRows('Findings', counts.findings.leftOut, COUNTERS.findings.leftOut, counts.findings.inReport),
  ];
  return markup`<section>${heading('What was left out')}
${
  rows.length === 0
    ? markup`<p>Nothing: every host and every finding of the source is imported.</p>`
    : tableOf({
        long: true,
        caption: `Of ${counted(counts.hosts.inReport, 'host')} and ${counted(counts.findings.inReport, 'finding')}`,
        heads: ['Why', 'Share as a bar', 'How many', 'Share'],
        rows,
      })
}</section>`;
}

function leftOutRows(
  what: string,
  counts: Readonly<Record<string, number>>,
  words: Readonly<Record<string, string>>,
  all: number,
): Row[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => ({
      head: `${what}: ${WHY[name] ?? words[name] ?? name}`,
      bar: bar([{ value: count, colour: 'rest' }], all),
      numbers: [count, percent(count, all)],
    }));
}
