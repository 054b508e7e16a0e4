/** The largest numbers of a run: what is known of the source now, and apart from that what this run sent. */
import type { RunSummary } from '../summary/run-summary.ts';
import { grouped } from '../text/grouped.ts';
import type { InputLook, Look } from './look.ts';
import { markup, type Markup } from './markup.ts';
import { isWhole, type TransferSummary, transfersOf } from './transfers.ts';
import { duration } from './words.ts';

type Tile = readonly [name: string, value: string, isGrave?: boolean];

export function tiles(run: RunSummary, look: Look): Markup {
  const transfers = transfersOf(run);
  const [known, ...others] = run.inputs
    .map((_, index) => look.of(index))
    .filter((seen) => seen !== undefined);
  // A host that two sources have would count twice.
  const isOne = new Set(transfers.map(({ source }) => source)).size === 1;
  const seen = isOne && others.length === 0 ? known : undefined;
  return markup`<div class="tile-groups">
${seen && group(seen.whole ? 'Known now' : 'Read before the run ended', knownTiles(seen, run))}
${group(transfers.some(({ isFile }) => isFile) ? 'Written by this run' : 'Sent by this run', [...sentTiles(transfers), ['Time', duration(run.seconds)]])}
</div>`;
}

function knownTiles({ hosts, findings, detailed, findingsBySeverity }: InputLook, run: RunSummary): Tile[] {
  const gravest = findingsBySeverity.confirmed[5] ?? 0;
  const [only, ...others] = run.inputs.map(({ changes }) => changes);
  // The first time everything would be new.
  const compared = others.length === 0 && typeof only?.since === 'string' ? only : undefined;
  return [
    ['Hosts', grouped(hosts)],
    ['Findings', grouped(findings)],
    ...(detailed ? [['Confirmed, severity 5', grouped(gravest), gravest > 0] as const] : []),
    ...(compared ? [['New findings', grouped(compared.findings.new)] as const] : []),
  ];
}

function sentTiles(transfers: readonly TransferSummary[]): Tile[] {
  const [only] = transfers;
  if (!only) return [];
  if (transfers.length === 1) {
    const { hosts, findings, asBefore } = only;
    return [
      ['Hosts', grouped(hosts)],
      ['Findings', grouped(findings)],
      ...(asBefore > 0 ? [['Hosts as before, not sent', grouped(asBefore)] as const] : []),
    ];
  }
  const { isFile } = only;
  return [
    shares(isFile ? 'Sources written' : 'Sources delivered', transfers, ({ source }) => source),
    ...(isFile ? [] : [shares('Management Centers that have all', transfers, ({ place }) => place)]),
  ];
}

/** `2 of 3` */
function shares(
  name: string,
  transfers: readonly TransferSummary[],
  of: (transfer: TransferSummary) => string | undefined,
): Tile {
  const all = new Set(transfers.map(of));
  const lacking = new Set(transfers.filter((transfer) => !isWhole(transfer)).map(of));
  return lacking.size === 0
    ? [name, grouped(all.size)]
    : [name, `${grouped(all.size - lacking.size)} of ${grouped(all.size)}`, true];
}

function group(title: string, all: readonly Tile[]): Markup {
  return markup`<section class="tiles"><h2>${title}</h2><dl>
${all.map(tile)}</dl></section>
`;
}

function tile([name, value, isGrave]: Tile): Markup {
  return markup`<div${isGrave && markup` class="grave"`}><dt>${name}</dt><dd>${value}</dd></div>
`;
}
