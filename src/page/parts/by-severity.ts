/** Findings and hosts by severity. */
import { bar, colourOf } from '../bars.ts';
import { severityHead } from '../badges.ts';
import type { InputLook } from '../look.ts';
import { markup, type Markup } from '../markup.ts';
import { type Kind, SEVERITIES, type Severity, sum } from '../severities.ts';
import { type Heading, type Row, tableOf } from '../tables.ts';
import { counted, listed } from '../words.ts';

export function severityPart(
  { findingsBySeverity, hostsBySeverity, hosts }: InputLook,
  heading: Heading,
): Markup {
  const { information } = findingsBySeverity;
  const withoutAny = hosts - sum(Object.values(hostsBySeverity).map(sum));
  const others = [
    [sum(information), 'finding is information', 'findings are information'] as const,
    [
      sum(hostsBySeverity.information),
      'host has nothing but information',
      'hosts have nothing but information',
    ] as const,
    [withoutAny, 'host has no finding at all', 'hosts have no finding at all'] as const,
  ].flatMap(([count, one, many]) => (count > 0 ? [counted(count, one, many)] : []));
  return markup`<section>${heading('By severity')}
<div class="pair">${tableOf({
    caption: 'Findings',
    heads: ['Severity', 'Confirmed and potential as a bar', 'Confirmed', 'Potential'],
    rows: severityRows(findingsBySeverity),
  })}
${tableOf({
  caption: 'Hosts, each by its gravest finding',
  heads: ['Severity', 'Confirmed and potential as a bar', 'Confirmed', 'Potential'],
  rows: severityRows(hostsBySeverity),
})}</div>
<p class="note">Confirmed is drawn plain, potential hatched. A host counts by its gravest confirmed finding; where it has none, by its gravest potential one.${others.length > 0 && ` Besides, ${listed(others)}.`}</p>
</section>`;
}

function severityRows(counts: Readonly<Record<Kind, readonly number[]>>): Row[] {
  const of = (kind: 'confirmed' | 'potential', severity: Severity): number => counts[kind][severity] ?? 0;
  const shown = SEVERITIES.filter(
    (severity) => severity > 0 || of('confirmed', severity) + of('potential', severity) > 0,
  );
  const most = Math.max(...shown.map((severity) => of('confirmed', severity) + of('potential', severity)));
  return shown.map((severity) => ({
    head: severityHead(severity),
    bar: bar(
      (['confirmed', 'potential'] as const).map((kind) => ({
        value: of(kind, severity),
        colour: colourOf(kind, severity),
      })),
      most,
    ),
    numbers: [of('confirmed', severity), of('potential', severity)],
  }));
}
