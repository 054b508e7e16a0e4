/** What is different from last time. */
import type { Changes, NewFinding } from '../../state/changes.ts';
import { grouped } from '../../text/grouped.ts';
import { bar, colourOf } from '../bars.ts';
import { badge, severityHead } from '../badges.ts';
import type { InputLook, KnownVulnerability } from '../look.ts';
import { foreign, markup, type Markup } from '../markup.ts';
import { SEVERITIES, type Severity } from '../severities.ts';
import { type Heading, tableOf } from '../tables.ts';
import { cveWords, time } from '../words.ts';

export function changesPart(changes: Changes, look: InputLook | undefined, heading: Heading): Markup {
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
${newPart(changes, look)}${namedPart('Hosts that changed', changes.changedHosts, hosts.changed)}${namedPart('Hosts that are gone', changes.goneHosts, hosts.gone)}
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
    (finding) => markup`<li>${newFinding(finding, look?.vulnerability(finding.qid))}</li>
`,
  )}${all > newFindings.length && markup`<li>and ${grouped(all - newFindings.length)} more</li>`}</ul>`;
}

function newFinding(
  { address, qid, port, protocol, severity }: NewFinding,
  known?: KnownVulnerability,
): Markup {
  const place = port === 0 ? '' : ` · port ${port} ${protocol}`.trimEnd();
  return markup`<span class="with-badge">${badge(severity)}<span><strong>${foreign(address)}</strong> ${known && foreign(known.title)} <span class="about">QID ${qid}${place}${known && ` · ${cveWords(known.cves)}`}</span></span></span>`;
}

/** @param all how many there are, named or not */
function namedPart(what: string, named: readonly string[], all: number): Markup {
  if (named.length === 0) return markup``;
  const more = all - named.length;
  const addresses = named.map((address, index) => markup`${index > 0 && ', '}${foreign(address)}`);
  return markup`<p>${what}: ${addresses}${more > 0 && ` and ${grouped(more)} more`}.</p>`;
}
