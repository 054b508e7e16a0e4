/** The parts of the page about one input: each begins with a heading, and leaves itself out where nothing is known. */
import { type ConversionCounts, COUNTERS } from '../conversion/counts.ts';
import type { DetectionCounts } from '../records/detection-counts.ts';
import type { Changes, NewFinding } from '../state/changes.ts';
import type { InputSummary } from '../summary/run-summary.ts';
import { grouped } from '../text/grouped.ts';
import { bar, colourOf, type Segment } from './bars.ts';
import type { InputLook, SeenVulnerability } from './look.ts';
import { foreign, markup, type Markup } from './markup.ts';
import { type Kind, SEVERITIES, SEVERITY_NAMES, type Severity, sum } from './severities.ts';
import { type Row, tableOf } from './tables.ts';
import type { SeenHost } from './worst-hosts.ts';
import { counted, duration, listed, percent, time } from './words.ts';

/** Makes a heading of the rank that the parts of an input have. */
export type Heading = (text: string) => Markup;

/** Of one input, in their order. */
export function partsOf(input: InputSummary, look: InputLook | undefined, heading: Heading): Markup {
  return markup`${input.changes && changesPart(input.changes, look, heading)}
${look && !look.whole && markup`<p class="note">What follows counts the ${counted(look.hosts, 'host')} that had been read when the run ended.</p>`}
${look?.detailed && markup`${severityPart(look, heading)}${frequentPart(look, heading)}`}
${look && look.hosts > 0 && affectedPart(look, heading)}
${look?.detailed && cvePart(look, input.counts, heading)}
${look && !look.detailed && look.hosts > 0 && markup`<p class="note">A file of commands does not say how grave its findings are: they are counted, not weighed.</p>`}
${input.counts && leftOutPart(input.counts, heading)}
${input.detection && detectionPart(input.detection, heading)}
${stagesPart(input, heading)}`;
}

function badge(severity: number): Markup {
  return markup`<span class="badge b${severity}">${severity === 0 ? '?' : severity}</span>`;
}

function severityHead(severity: Severity): Markup {
  return markup`${badge(severity)} ${SEVERITY_NAMES[severity]}`;
}

function severityPart({ findingsBySeverity, hostsBySeverity, hosts }: InputLook, heading: Heading): Markup {
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

function frequentPart({ frequent, vulnerabilities }: InputLook, heading: Heading): Markup {
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

function vulnerabilityHead({ qid, title, severity, kind, hasCve }: SeenVulnerability): Markup {
  return markup`<span class="with-badge">${badge(severity)}<span>${foreign(title)} <span class="about">QID ${qid} · ${kind} · ${hasCve ? 'with a CVE' : 'without a CVE'}</span></span></span>`;
}

function plainColour({ kind, severity }: SeenVulnerability): string {
  return colourOf(kind === 'potential' ? 'potential' : 'confirmed', severity);
}

function affectedPart(look: InputLook, heading: Heading): Markup {
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

const KIND_HEADS: Readonly<Record<Kind, string>> = {
  confirmed: 'Confirmed',
  potential: 'Potential',
  information: 'Information',
};

function cvePart(
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

/** What Qualys' detections took. */
function detectionPart(
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

/** Why, in more words than the log has room for; what is not here is called as it is there. */
const WHY: Readonly<Record<string, string>> = {
  noFindings: 'nothing to import',
  invalidAddress: 'no valid address',
  error: 'Qualys reports an error in place of findings',
  type: 'of a type that is not imported',
  fixed: 'fixed',
  severity: 'below the lowest severity that is imported',
  duplicate: 'the same finding came before on the same host',
  invalid: 'no valid QID, or ids that are too long to be sent',
};

function leftOutPart(counts: NonNullable<InputSummary['counts']>, heading: Heading): Markup {
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

const STAGES: Readonly<Record<string, string>> = {
  obtain: 'Getting it from the source',
  deliver: 'Reading, converting and delivering it',
};

function stagesPart({ seconds }: InputSummary, heading: Heading): Markup {
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
  return markup`<section>${heading('Where the time went')}
${tableOf({ long: true, caption: `${duration(whole)} in all`, heads: ['Stage', 'From its beginning to its end as a bar', 'Time'], rows })}</section>`;
}

function changesPart(changes: Changes, look: InputLook | undefined, heading: Heading): Markup {
  const { since, full, hosts, findings } = changes;
  const most = Math.max(hosts.new, hosts.changed, hosts.unchanged, hosts.gone);
  const names = ['new', 'changed', 'unchanged', 'gone'] as const;
  const severities = SEVERITIES.filter(
    (severity) => severity > 0 || findings.newBySeverity.unknown + findings.goneBySeverity.unknown > 0,
  );
  const of = (counts: Changes['findings']['newBySeverity'], severity: Severity): number =>
    counts[severity === 0 ? 'unknown' : severity];
  const largest = Math.max(
    ...severities.map(
      (severity) => of(findings.newBySeverity, severity) + of(findings.goneBySeverity, severity),
    ),
  );
  const compared =
    since === null
      ? markup`There was nothing to compare with: all of it counts as new.`
      : markup`Compared with what was acknowledged on ${time(since)}.`;
  return markup`<section>${heading('What changed')}
<p>${compared}${full !== null && markup` Everything was sent, as ${full}.`}</p>
${newPart(changes, look)}${gonePart(changes)}
<div class="pair">${tableOf({
    caption: 'Hosts',
    heads: ['Hosts', 'How many as a bar', 'How many'],
    rows: names.map((name) => ({
      head: name,
      bar: bar(
        [{ value: hosts[name], colour: name === 'new' || name === 'changed' ? 'accent' : 'rest' }],
        most,
      ),
      numbers: [hosts[name]],
    })),
  })}
${tableOf({
  caption: `Findings: ${grouped(findings.new)} new, ${grouped(findings.gone)} gone`,
  heads: ['Severity', 'New and gone as a bar', 'New', 'Gone'],
  rows: severities.map((severity) => ({
    head: severityHead(severity),
    bar: bar(
      [
        { value: of(findings.newBySeverity, severity), colour: colourOf('confirmed', severity) },
        { value: of(findings.goneBySeverity, severity), colour: 'rest' },
      ],
      largest,
    ),
    numbers: [of(findings.newBySeverity, severity), of(findings.goneBySeverity, severity)],
  })),
})}</div></section>`;
}

function newPart({ findings, newFindings }: Changes, look: InputLook | undefined): Markup {
  if (newFindings.length === 0) return markup``;
  const all = findings.newBySeverity[5] + findings.newBySeverity[4];
  return markup`<p>New, of severity 5 and 4:</p>
<ul class="named">${newFindings.map(
    (finding) => markup`<li>${newFinding(finding, look?.titleOf(finding.qid))}</li>
`,
  )}${all > newFindings.length && markup`<li>and ${grouped(all - newFindings.length)} more</li>`}</ul>`;
}

function newFinding({ address, qid, port, protocol, severity }: NewFinding, title = ''): Markup {
  const place = port === 0 ? '' : ` · port ${port} ${protocol}`.trimEnd();
  return markup`<span class="with-badge">${badge(severity)}<span><strong>${foreign(address)}</strong> ${foreign(title)} <span class="about">QID ${qid}${place}</span></span></span>`;
}

function gonePart({ hosts, goneHosts }: Changes): Markup {
  if (goneHosts.length === 0) return markup``;
  const more = hosts.gone - goneHosts.length;
  const addresses = goneHosts.map((address, index) => markup`${index > 0 && ', '}${foreign(address)}`);
  return markup`<p>Hosts that are gone: ${addresses}${more > 0 && ` and ${grouped(more)} more`}.</p>`;
}
