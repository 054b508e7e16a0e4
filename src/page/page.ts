/** The page of a run: one file of HTML that needs nothing else, neither a network nor, for most of it, its script. */
import { createHash } from 'node:crypto';
import type { InputSummary, RunSummary } from '../summary/run-summary.ts';
import { hatchings } from './bars.ts';
import { hostTable } from './host-table.ts';
import type { Look } from './look.ts';
import { foreign, markup, Markup } from './markup.ts';
import { partsOf } from './parts.ts';
import { STYLE } from './style.ts';
import { type Row, tableOf } from './tables.ts';
import { tiles } from './tiles.ts';
import { transfersOf } from './transfers.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { time } from './words.ts';

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
<title>${withoutMarks(headline)} · ${run.program.name}</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
`;
}

/** In a title marks would be read as text. */
function withoutMarks({ text }: Markup): Markup {
  return new Markup(text.replace(/<\/?bdi>/g, ''));
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function bodyOf(run: RunSummary, look: Look): Markup {
  const sources = sourcesOf(run);
  const several = sources.length > 1;
  return markup`<body>
${look.hosts().all > 0 && markup`<a class="skip" href="#hosts">To the table of hosts</a>`}
${hatchings()}
<header><p class="brand">${run.program.name}</p>
<h1>The run of ${time(run.started)}</h1>
${verdict(verdictOf(run))}</header>
<main>
${tiles(run, look)}
${run.inputs.length > 1 && transfersPart(run, look)}
${sources.map((source) => (several ? sourcePart(source, look) : partsOf(source.inputs, look.of(source.place), second)))}
`;
}

/** What came from one template or file, for each Management Center that it went to. */
interface Source {
  readonly inputs: readonly InputSummary[];
  /** Of its first one in the run. */
  readonly place: number;
}

function sourcesOf({ inputs }: RunSummary): Source[] {
  return inputs.flatMap(({ label }, place) => {
    const same = inputs.filter((input) => input.label === label);
    return same[0] === inputs[place] ? [{ inputs: same, place }] : [];
  });
}

function second(text: string): Markup {
  return markup`<h2>${text}</h2>`;
}

function third(text: string): Markup {
  return markup`<h3>${text}</h3>`;
}

function sourcePart({ inputs, place }: Source, look: Look): Markup {
  return markup`<section class="source" aria-labelledby="source-${place}"><h2 id="source-${place}">${foreign(inputs[0]?.label ?? '')}</h2>
${partsOf(inputs, look.of(place), third)}</section>`;
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

const OUTCOMES: Readonly<Record<InputSummary['outcome'], string>> = {
  done: 'delivered',
  complaints: 'delivered, with complaints',
  failed: 'failed',
  'not started': 'not begun',
};

/** Each input at each place. */
function transfersPart(run: RunSummary, look: Look): Markup {
  const transfers = transfersOf(run);
  const isFile = transfers.some(({ isFile }) => isFile);
  const hasPlaces = !isFile && new Set(transfers.map(({ place }) => place)).size > 1;
  const done = isFile ? 'written' : 'sent';
  const sources = sourcesOf(run);
  const rows = transfers.map((transfer): Row => {
    const { source, place, outcome, hosts, findings } = transfer;
    const { place: first = 0 } = sources.find(({ inputs }) => inputs[0]?.label === source) ?? {};
    const seen = look.of(first);
    const known = seen?.whole === true ? [seen.hosts, seen.findings] : ['not known', 'not known'];
    const about = hasPlaces && place !== undefined && markup` <span class="about">${foreign(place)}</span>`;
    return {
      head: markup`${sources.length > 1 ? markup`<a href="#source-${first}">${foreign(source)}</a>` : foreign(source)}${about}`,
      bar: markup``,
      numbers: [isFile && outcome === 'done' ? 'written' : OUTCOMES[outcome], ...known, hosts, findings],
    };
  });
  const heads = [
    'Source',
    '',
    'Outcome',
    'Hosts known',
    'Findings known',
    `Hosts ${done}`,
    `Findings ${done}`,
  ] as const;
  return markup`<section><h2>Sources</h2>
${tableOf({ long: true, caption: 'In the order of the run; what two sources have counts in each of them', heads, rows })}</section>`;
}

function footer({ program }: RunSummary): Markup {
  return markup`<footer><p>Made by ${program.name} ${program.version} at the end of the run. This page is whole: it asks nothing of any network. It tells how hosts can be attacked; keep it as you keep the report.</p></footer>`;
}
