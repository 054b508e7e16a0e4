/** The page of a run: one file of HTML that needs nothing else, neither a network nor, for most of it, its script. */
import { createHash } from 'node:crypto';
import type { InputSummary, RunSummary } from '../summary/run-summary.ts';
import { grouped } from '../text/grouped.ts';
import { hatchings } from './bars.ts';
import { hostTable } from './host-table.ts';
import type { Look } from './look.ts';
import { foreign, markup, Markup } from './markup.ts';
import { partsOf } from './parts.ts';
import { STYLE } from './style.ts';
import { type Row, tableOf } from './tables.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { duration, time } from './words.ts';

/** Bytes: what goes by mail. */
const LARGEST = 980_000;
/** What the table of hosts may always have, however many inputs there are. */
const LEAST_FOR_HOSTS = 100_000;

/** @param script of the table of hosts */
export function pageOf(run: RunSummary, look: Look, script: string): string {
  const before = markup`${headOf(run, script)}${bodyOf(run, look)}`;
  const { worst, all } = look.hosts();
  const sources = run.inputs.map(({ label }) => label);
  const detailed = sources.some((_, input) => look.of(input)?.detailed);
  const room = Math.max(LEAST_FOR_HOSTS, LARGEST - Buffer.byteLength(before.text) - ROWS_BESIDE);
  return markup`${before}${all > 0 && hostTable({ worst, all, sources, detailed }, room)}</main>
${footer(run)}
${all > 0 && markup`<script type="module">${new Markup(script)}</script>`}
</body>
</html>
`.text;
}

/** What the table's first rows and its head take beside the data. */
const ROWS_BESIDE = 50_000;

function headOf(run: RunSummary, script: string): Markup {
  const { headline } = verdictOf(run);
  const allowed = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${allowed}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${headline} · ${run.program.name}</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function bodyOf(run: RunSummary, look: Look): Markup {
  const several = run.inputs.length > 1;
  return markup`<body>
${look.hosts().all > 0 && markup`<a class="skip" href="#hosts">To the table of hosts</a>`}
${hatchings()}
<header><p class="brand">${run.program.name}</p>
<h1>The run of ${time(run.started)}</h1>
${verdict(verdictOf(run))}</header>
<main>
${tiles(run, look)}
${several && sourcesPart(run)}
${run.inputs.map((input, index) => (several ? sourcePart(input, index, look) : partsOf(input, look.of(index), second)))}
`;
}

function second(text: string): Markup {
  return markup`<h2>${text}</h2>`;
}

function third(text: string): Markup {
  return markup`<h3>${text}</h3>`;
}

function sourcePart(input: InputSummary, index: number, look: Look): Markup {
  return markup`<section class="source" aria-labelledby="source-${index}"><h2 id="source-${index}">${foreign(input.label)}</h2>
${partsOf(input, look.of(index), third)}</section>`;
}

const SIGNS: Readonly<Record<Verdict['state'], Markup>> = {
  well: markup`<path d="M3 13l6 6L21 6"/>`,
  look: markup`<path d="M12 3v12M12 20v.5"/>`,
  failed: markup`<path d="M5 5l14 14M19 5L5 19"/>`,
};

function verdict({ state, headline, text }: Verdict): Markup {
  return markup`<section class="verdict ${state}" aria-labelledby="verdict"><h2 id="verdict"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SIGNS[state]}</svg>${headline}</h2>
${text}</section>`;
}

function tiles(run: RunSummary, look: Look): Markup {
  const looks = run.inputs.map((_, index) => look.of(index)).filter((seen) => seen !== undefined);
  const total = (of: (input: InputSummary) => number): number =>
    run.inputs.reduce((before, input) => before + of(input), 0);
  const done = run.inputs.some(({ file }) => file !== null) ? 'written' : 'delivered';
  const gravest = looks.reduce((before, seen) => before + (seen.findingsBySeverity.confirmed[5] ?? 0), 0);
  return markup`<dl class="tiles">
${tile(`Hosts ${done}`, grouped(total(({ delivery }) => delivery.units)))}
${tile(`Findings ${done}`, grouped(total(({ delivery }) => delivery.findings)))}
${looks.length === 1 && looks[0]?.detailed && tile('Confirmed, severity 5', grouped(gravest), gravest > 0)}
${run.inputs.some(({ changes }) => changes) && tile('New findings', grouped(total(({ changes }) => changes?.findings.new ?? 0)))}
${tile('Time', duration(run.seconds))}
</dl>`;
}

function tile(name: string, value: string, isGrave = false): Markup {
  return markup`<div${isGrave && markup` class="grave"`}><dt>${name}</dt><dd>${value}</dd></div>
`;
}

const OUTCOMES: Readonly<Record<InputSummary['outcome'], string>> = {
  done: 'whole',
  complaints: 'whole, with complaints',
  failed: 'failed',
  'not started': 'not begun',
};

function sourcesPart({ inputs }: RunSummary): Markup {
  const rows = inputs.map(({ label, outcome, delivery }, index): Row => ({
    head: markup`<a href="#source-${index}">${foreign(label)}</a>`,
    bar: markup``,
    numbers: [OUTCOMES[outcome], delivery.units, delivery.findings],
  }));
  return markup`<section><h2>Sources</h2>
${tableOf({ long: true, caption: 'In the order of the run', heads: ['Source', '', 'Outcome', 'Hosts', 'Findings'], rows })}</section>`;
}

function footer({ program }: RunSummary): Markup {
  return markup`<footer><p>Made by ${program.name} ${program.version} at the end of the run. This page is whole: it asks nothing of any network. It tells how hosts can be attacked; keep it as you keep the report.</p></footer>`;
}
