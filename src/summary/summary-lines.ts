import { type ConversionCounts, COUNTERS } from '../conversion/counts.ts';
import type { LogFields } from '../log/log.ts';
import type { DetectionCounts } from '../records/detection-counts.ts';
import { grouped as number } from '../text/grouped.ts';
import type { Changes } from '../state/changes.ts';
import type { InputSummary, RunSummary } from './run-summary.ts';

/** One line of the log. */
export interface SummaryLine {
  readonly level: 'error' | 'warning' | 'info';
  readonly text: string;
  /** Of a line that begins a block or tells of a whole template: the numbers as numbers, by their paths in the summary. */
  readonly fields?: LogFields;
}

/** The summary as a short aligned block, for the log: one line each. */
export function summaryLines(summary: RunSummary): SummaryLine[] {
  const begun = summary.inputs.filter(hasSomethingToTell);
  const lines = begun.flatMap((input): SummaryLine[] => {
    const rows: Row[] = [
      ...(input.reused ? [['report', `${input.reused.id} of an earlier run`] as const] : []),
      ...(input.detection ? detectionRows(input.detection) : []),
      ...(input.counts ? countRows(input.counts) : []),
      ...(input.changes ? changeRows(input.changes) : []),
      ...deliveryRows(input),
    ];
    const heading = `Summary of ${nameOf(input)}`;
    return [{ level: 'info', text: heading, fields: fieldsOf(input) }, ...aligned(rows).map(info)];
  });
  if (summary.inputs.length > 1) {
    const heading = summary.servers ? 'Management Centers' : 'Templates';
    lines.push(info(heading), ...templateLines(summary.inputs));
  }
  return lines;
}

/** Of several Management Centers, which. */
function nameOf({ label, server }: InputSummary): string {
  return server === undefined ? label : `${label} to ${server}`;
}

function info(text: string): SummaryLine {
  return { level: 'info', text };
}

function fieldsOf({
  label,
  server,
  template,
  file,
  outcome,
  error,
  counts,
  detection,
  reused,
  changes,
  delivery,
  seconds,
}: InputSummary): LogFields {
  const input = { input: label, server, template, file, outcome, code: error?.code };
  return {
    ...input,
    ...flat('counts', counts ?? {}),
    ...flat('detection', detection ?? {}),
    ...flat('reused', reused ?? {}),
    ...flat('changes', changes ?? {}),
    ...flat('delivery', delivery),
    ...flat('seconds', seconds),
  };
}

/** `{ hosts: { inReport: 5 } }` as `{ 'counts.hosts.inReport': 5 }`. */
function flat(path: string, values: object): LogFields {
  const fields = Object.entries(values).map(([name, value]: [string, unknown]): LogFields => {
    if (typeof value === 'object' && value !== null) return flat(`${path}.${name}`, value);
    return typeof value === 'number' || typeof value === 'string' ? { [`${path}.${name}`]: value } : {};
  });
  return Object.assign({}, ...fields) as LogFields;
}

/** After a failure that came before anything was read, counts of nothing would only hide the message. */
function hasSomethingToTell({ outcome, counts, seconds }: InputSummary): boolean {
  if (outcome !== 'failed') return outcome !== 'not started';
  return seconds.deliver !== undefined && (counts === null || counts.hosts.inReport > 0);
}

type Row = readonly [name: string, value: string];

function detectionRows({ pages, calls, limitSeconds, knowledgeBase }: DetectionCounts): Row[] {
  const { fetched, cached, missing } = knowledgeBase;
  const waited = limitSeconds === 0 ? '' : `, ${number(limitSeconds)} s waited for limits`;
  return [
    ['pages of detections', `${number(pages)} (${number(calls)} calls of Qualys in all${waited})`],
    [
      'QIDs',
      `${number(fetched)} from the KnowledgeBase, ${number(cached)} from the cache, ${number(missing)} unknown`,
    ],
  ];
}

/** The totals with their reasons, then what else was counted, if it was. */
function countRows(counts: ConversionCounts): Row[] {
  const { hosts, findings } = counts;
  return [
    [COUNTERS.hosts.inReport, withReasons(hosts.inReport, 'skipped', COUNTERS.hosts.skipped, hosts.skipped)],
    [COUNTERS.hosts.converted, number(hosts.converted)],
    [
      COUNTERS.findings.inReport,
      withReasons(findings.inReport, 'left out', COUNTERS.findings.leftOut, findings.leftOut),
    ],
    [COUNTERS.findings.converted, number(findings.converted)],
    [COUNTERS.findings.withCve, number(findings.withCve)],
    ...furtherRows(COUNTERS.hosts, hosts),
    ...furtherRows(COUNTERS.findings, findings),
    ...furtherRows(COUNTERS, counts),
  ];
}

const SHOWN_ALWAYS = ['inReport', 'converted', 'withCve'];

function furtherRows(
  words: Readonly<Record<string, string | object>>,
  counts: Readonly<Record<string, number | object>>,
): Row[] {
  return Object.entries(words).flatMap(([name, word]): Row[] => {
    const count = counts[name];
    if (typeof word !== 'string' || typeof count !== 'number') return [];
    return count === 0 || SHOWN_ALWAYS.includes(name) ? [] : [[word, number(count)]];
  });
}

function changeRows({ since, hosts, findings }: Changes): Row[] {
  const told = [
    `${number(hosts.new)} new`,
    `${number(hosts.changed)} changed`,
    `${number(hosts.unchanged)} unchanged`,
    `${number(hosts.gone)} gone`,
  ];
  return [
    ['compared with', since ?? 'nothing: this is the first time'],
    ['hosts', told.join(', ')],
    ['findings new', withSeverities(findings.new, findings.newBySeverity)],
    ['findings gone', withSeverities(findings.gone, findings.goneBySeverity)],
  ];
}

/** `12 (severity 5: 2, 4: 10)`, the gravest first. */
function withSeverities(total: number, bySeverity: Changes['findings']['newBySeverity']): string {
  const told = Object.entries(bySeverity)
    .filter(([, count]) => count > 0)
    .reverse()
    .map(([severity, count]) => `${severity}: ${number(count)}`);
  return told.length === 0 ? number(total) : `${number(total)} (severity ${told.join(', ')})`;
}

function deliveryRows({ delivery, seconds, file }: InputSummary): Row[] {
  const done = file === null ? 'delivered' : 'written';
  const processed =
    delivery.processed === undefined ? '' : `, ${number(delivery.processed)} processed by the server`;
  const rows: Row[] = [
    [`hosts ${done}`, number(delivery.units)],
    [`findings ${done}`, number(delivery.findings)],
    [`commands ${done}`, `${number(delivery.commands)}${processed}`],
    [
      `bytes ${done}`,
      number(delivery.bytes) +
        (delivery.blocks > 0
          ? ` in ${number(delivery.blocks)} ${delivery.blocks === 1 ? 'block' : 'blocks'}`
          : ''),
    ],
  ];
  if (delivery.complaints > 0) rows.push(['complaints', number(delivery.complaints)]);
  const stages = Object.entries(seconds).map(([stage, value]) => `${stage} ${value.toFixed(1)}`);
  if (stages.length > 0) rows.push(['seconds', stages.join(', ')]);
  return rows;
}

const LEVELS = { done: 'info', complaints: 'warning', 'not started': 'warning', failed: 'error' } as const;

function templateLines(inputs: readonly InputSummary[]): SummaryLine[] {
  const rows = inputs.map((input): Row => {
    const { outcome, delivery, error } = input;
    const code = error ? ` [${error.code}]` : '';
    const delivered = `${number(delivery.units)} hosts, ${number(delivery.findings)} findings`;
    return [nameOf(input), `${outcome}, ${delivered}${code}`];
  });
  return aligned(rows).map((text, index) => {
    const input = inputs[index];
    return input ? { level: LEVELS[input.outcome], text, fields: fieldsOf(input) } : info(text);
  });
}

/** `50 (3 skipped: 2 nothing to import, 1 no valid address)` */
function withReasons(
  total: number,
  verb: string,
  words: Readonly<Record<string, string>>,
  counts: Readonly<Record<string, number>>,
): string {
  const given = Object.entries(words).flatMap(([name, word]) => {
    const count = counts[name] ?? 0;
    return count === 0 ? [] : [{ word, count }];
  });
  if (given.length === 0) return number(total);
  const sum = given.reduce((before, { count }) => before + count, 0);
  const texts = given.map(({ word, count }) => `${number(count)} ${word}`);
  return `${number(total)} (${number(sum)} ${verb}: ${texts.join(', ')})`;
}

function aligned(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
