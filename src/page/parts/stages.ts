/** Where the time went. */
import type { InputSummary } from '../../summary/run-summary.ts';
import { bar } from '../bars.ts';
import { markup, type Markup } from '../markup.ts';
import { sum } from '../severities.ts';
import { type Heading, type Row, tableOf } from '../tables.ts';
import { duration } from '../words.ts';

const STAGES: Readonly<Record<string, string>> = {
  obtain: 'Getting it from the source',
  deliver: 'Reading, converting and delivering it',
};

export function stagesPart({ seconds }: InputSummary, heading: Heading): Markup {
  const stages = Object.entries(seconds);
  if (stages.length === 0) return markup``;
  const whole = sum(stages.map(([, value]) => value));
  let begun = 0;
  const rows = stages.map(([name, value]): Row => {
    const row = {
      head: STAGES[name] ?? name,
      bar: bar([{ value, colour: 'accent' }], whole, begun),
      numbers: [duration(value)],
    };
    begun += value;
    return row;
  });
  const together: Row = { head: 'Together', bar: markup``, numbers: [duration(whole)] };
  return markup`<section>${heading('Where the time went')}
${tableOf({ long: true, caption: `${duration(whole)} in all`, heads: ['Stage', 'From its beginning to its end as a bar', 'Time'], rows: [...rows, together] })}</section>`;
}
