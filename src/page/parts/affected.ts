/** The hosts with the gravest findings. */
import { grouped } from '../../text/grouped.ts';
import { bar, colourOf, type Segment } from '../bars.ts';
import type { InputLook } from '../look.ts';
import { foreign, markup, type Markup } from '../markup.ts';
import { SEVERITIES, sum } from '../severities.ts';
import { type Heading, tableOf } from '../tables.ts';
import type { SeenHost } from '../worst-hosts.ts';

export function affectedPart(look: InputLook, heading: Heading): Markup {
  const hosts = look.affected.list();
  const most = Math.max(...hosts.map(weight));
  const numbers = look.detailed ? ['Confirmed', 'Potential', 'All'] : ['Findings'];
  return markup`<section>${heading('The most affected hosts')}
${tableOf({
  long: true,
  caption: look.detailed
    ? `The worst ${grouped(hosts.length)}: by confirmed findings of severity 5, then of 4, and so on`
    : `The ${grouped(hosts.length)} with the most findings`,
  heads: ['Host', 'Findings as a bar', ...numbers],
  rows: hosts.map((host) => ({
    head: hostHead(host),
    bar: bar(look.detailed ? segmentsOf(host) : [{ value: host.findings, colour: 's1' }], most),
    numbers: look.detailed
      ? [sum(host.counts.confirmed), sum(host.counts.potential), host.findings]
      : [host.findings],
  })),
})}</section>`;
}

function weight({ counts, findings }: SeenHost): number {
  return sum(counts.confirmed) + sum(counts.potential) || findings;
}

function hostHead({ address, name, operatingSystem }: SeenHost): Markup {
  const about = [name, operatingSystem].filter((text) => text !== '').map(foreign);
  const separated = about.map((text, index) => (index === 0 ? text : markup` · ${text}`));
  return markup`${foreign(address)}${about.length > 0 && markup` <span class="about">${separated}</span>`}`;
}

function segmentsOf({ counts }: SeenHost): Segment[] {
  return (['confirmed', 'potential'] as const).flatMap((kind) =>
    SEVERITIES.map((severity) => ({ value: counts[kind][severity] ?? 0, colour: colourOf(kind, severity) })),
  );
}
