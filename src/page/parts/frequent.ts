/** The vulnerabilities that most hosts have. */
import { grouped } from '../../text/grouped.ts';
import { bar, colourOf } from '../bars.ts';
import { badge } from '../badges.ts';
import type { InputLook, SeenVulnerability } from '../look.ts';
import { foreign, markup, type Markup } from '../markup.ts';
import { type Heading, tableOf } from '../tables.ts';
import { cveWords } from '../words.ts';

export function frequentPart({ frequent, vulnerabilities }: InputLook, heading: Heading): Markup {
  if (frequent.length === 0) return markup``;
  const most = Math.max(...frequent.map(({ hosts }) => hosts));
  const more = vulnerabilities > frequent.length ? ` of ${grouped(vulnerabilities)}` : '';
  return markup`<section>${heading('The most frequent vulnerabilities')}
${tableOf({
  long: true,
  caption: `${grouped(frequent.length)}${more}, by the hosts that have them`,
  heads: ['Vulnerability', 'Hosts as a bar', 'Hosts', 'Findings'],
  rows: frequent.map((vulnerability) => ({
    head: vulnerabilityHead(vulnerability),
    bar: bar([{ value: vulnerability.hosts, colour: plainColour(vulnerability) }], most),
    numbers: [vulnerability.hosts, vulnerability.findings],
  })),
})}</section>`;
}

function vulnerabilityHead({ qid, title, severity, kind, cves }: SeenVulnerability): Markup {
  return markup`<span class="with-badge">${badge(severity)}<span>${foreign(title)} <span class="about">QID ${qid} · ${kind} · ${cveWords(cves)}</span></span></span>`;
}

function plainColour({ kind, severity }: SeenVulnerability): string {
  return colourOf(kind === 'potential' ? 'potential' : 'confirmed', severity);
}
