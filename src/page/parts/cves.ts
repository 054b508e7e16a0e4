/** Findings with and without a CVE, and those known to be exploited. */
import type { ConversionCounts } from '../../conversion/counts.ts';
import type { InputSummary } from '../../summary/run-summary.ts';
import { bar } from '../bars.ts';
import type { InputLook } from '../look.ts';
import { markup, type Markup } from '../markup.ts';
import { type Kind, sum } from '../severities.ts';
import { type Heading, tableOf } from '../tables.ts';
import { percent } from '../words.ts';

const KIND_HEADS: Readonly<Record<Kind, string>> = {
  confirmed: 'Confirmed',
  potential: 'Potential',
  information: 'Information',
};

export function cvePart(
  { withCve, findingsBySeverity }: InputLook,
  counts: InputSummary['counts'],
  heading: Heading,
): Markup {
  const kinds = (Object.keys(KIND_HEADS) as Kind[]).filter((kind) => sum(findingsBySeverity[kind]) > 0);
  if (kinds.length === 0) return markup``;
  return markup`<section>${heading('With and without a CVE')}
${tableOf({
  long: true,
  caption: 'The Management Center correlates by CVE alone: only findings with one can raise an impact flag',
  heads: ['Findings', 'Share with a CVE as a bar', 'With a CVE', 'Without', 'Share'],
  rows: kinds.map((kind) => {
    const all = sum(findingsBySeverity[kind]);
    return {
      head: KIND_HEADS[kind],
      bar: bar(
        [
          { value: withCve[kind], colour: 'accent' },
          { value: all - withCve[kind], colour: 'rest' },
        ],
        all,
      ),
      numbers: [withCve[kind], all - withCve[kind], percent(withCve[kind], all)],
    };
  }),
})}${counts && counts.findings.knownExploited > 0 && exploitedTable(counts.findings)}</section>`;
}

/** Without kev_file none is known, so that none at all says nothing. */
function exploitedTable({ knownExploited, converted }: ConversionCounts['findings']): Markup {
  return tableOf({
    long: true,
    caption: 'Known to be exploited, as kev_file has it',
    heads: ['Findings', 'Share as a bar', 'How many', 'Share'],
    rows: [
      {
        head: 'Known exploited',
        bar: bar([{ value: knownExploited, colour: 's5' }], converted),
        numbers: [knownExploited, percent(knownExploited, converted)],
      },
    ],
  });
}
