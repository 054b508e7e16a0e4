import { type ConversionCounts, COUNTERS } from '../conversion/counts.ts';
import type { InputSummary, RunSummary } from './run-summary.ts';

/** The summary as a short aligned block, for the log: one line each. */
export function summaryLines(summary: RunSummary): string[] {
  const begun = summary.inputs.filter(hasSomethingToTell);
  const blocks = begun.map((input) => {
    const rows = [...(input.counts ? countRows(input.counts) : []), ...deliveryRows(input)];
    return [`Summary of ${input.label}`, ...aligned(rows)];
  });
  if (summary.inputs.length > 1) blocks.push(['Templates', ...aligned(templateRows(summary.inputs))]);
  return blocks.flat();
}

/** After a failure that came before anything was read, counts of nothing would only hide the message. */
function hasSomethingToTell({ outcome, counts, seconds }: InputSummary): boolean {
  if (outcome !== 'failed') return outcome !== 'not started';
  return seconds.deliver !== undefined && (counts === null || counts.hosts.inReport > 0);
}

type Row = readonly [name: string, value: string];

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
    ...furtherRows(COUNTERS.hosts, hosts),
    ...furtherRows(COUNTERS.findings, findings),
    ...furtherRows(COUNTERS, counts),
  ];
}

const SHOWN_ALWAYS = ['inReport', 'converted'];

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

function templateRows(inputs: readonly InputSummary[]): Row[] {
  return inputs.map((input) => [
    input.label,
    `${input.outcome}, ${number(input.delivery.units)} hosts, ${number(input.delivery.findings)} findings${
      input.error ? ` [${input.error.code}]` : ''
    }`,
  ]);
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

function number(value: number): string {
  return value.toLocaleString('en-US');
}
