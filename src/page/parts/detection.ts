/** What Qualys' detections took. */
import type { DetectionCounts } from '../../records/detection-counts.ts';
import { grouped } from '../../text/grouped.ts';
import { bar } from '../bars.ts';
import { markup, type Markup } from '../markup.ts';
import { type Heading, tableOf } from '../tables.ts';
import { counted, duration } from '../words.ts';

export function detectionPart(
  { pages, calls, limitSeconds, knowledgeBase }: DetectionCounts,
  heading: Heading,
): Markup {
  const { fetched, cached, missing } = knowledgeBase;
  const waited =
    limitSeconds === 0 ? 'Its limits made nothing wait' : `Its limits made it wait ${duration(limitSeconds)}`;
  const rows = [
    ['Fetched from Qualys', fetched, 'accent'],
    ['Cached from an earlier run', cached, 'rest'],
    ['Missing in the KnowledgeBase', missing, 's5'],
  ] as const;
  return markup`<section>${heading('What Qualys was asked')}
<p>${counted(pages, 'page')} of detections came in ${counted(calls, 'call')} of Qualys, ${grouped(knowledgeBase.calls)} of them for the KnowledgeBase. ${waited}.</p>
${tableOf({
  long: true,
  caption: 'Vulnerabilities of the KnowledgeBase',
  heads: ['Vulnerabilities', 'How many as a bar', 'How many'],
  rows: rows.map(([head, value, colour]) => ({
    head,
    bar: bar([{ value, colour }], Math.max(fetched, cached, missing)),
    numbers: [value],
  })),
})}</section>`;
}
