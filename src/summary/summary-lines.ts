import type { ConversionCounts } from '../conversion/counts.ts';
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

function countRows({ hosts, findings, ...rest }: ConversionCounts): Row[] {
  const rows: Row[] = [
    ['hosts in report', withReasons(hosts.inReport, 'skipped', hosts.skipped)],
    ['hosts converted', number(hosts.converted)],
    ['findings in report', withReasons(findings.inReport, 'left out', findings.leftOut)],
    ['findings converted', number(findings.converted)],
  ];
  if (hosts.repeated > 0) rows.push(['addresses repeated', number(hosts.repeated)]);
  if (rest.qidsWithoutGlossary > 0) rows.push(['QIDs without glossary', number(rest.qidsWithoutGlossary)]);
  if (rest.charactersDropped > 0) rows.push(['characters dropped', number(rest.charactersDropped)]);
  if (rest.invalidBytes > 0) rows.push(['invalid bytes', number(rest.invalidBytes)]);
  return rows;
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

const REASONS: Readonly<Record<string, string>> = {
  noFindings: 'nothing to import',
  invalidAddress: 'no valid address',
  error: 'error in the report',
  type: 'type',
  fixed: 'fixed',
  severity: 'severity',
  duplicate: 'duplicate',
  invalid: 'invalid',
};

/** `50 (3 skipped: 2 nothing to import, 1 no valid address)` */
function withReasons(total: number, verb: string, reasons: Readonly<Record<string, number>>): string {
  const given = Object.entries(reasons).filter(([, count]) => count > 0);
  if (given.length === 0) return number(total);
  const sum = given.reduce((before, [, count]) => before + count, 0);
  const texts = given.map(([reason, count]) => `${number(count)} ${REASONS[reason] ?? reason}`);
  return `${number(total)} (${number(sum)} ${verb}: ${texts.join(', ')})`;
}

function aligned(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
