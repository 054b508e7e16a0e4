/** The table of hosts: its first rows are there without the script, the rest is data. */
import { grouped } from '../text/grouped.ts';
import type { HostData, HostRow } from './host-data.ts';
import { foreign, jsonIn, markup, type Markup } from './markup.ts';
import { sum } from './severities.ts';
import type { SeenHost } from './worst-hosts.ts';
import { counted } from './words.ts';

/** Rows of a page of the table, until another number is chosen. */
const ROWS = 50;

export interface ShownHosts {
  /** The worst first. */
  readonly worst: readonly SeenHost[];
  /** How many there are, shown or not. */
  readonly all: number;
  /** The labels of the inputs. */
  readonly sources: readonly string[];
  /** Whether anything is known of the findings but their number. */
  readonly detailed: boolean;
}

/** @param room bytes that it may take, about: milder hosts are left out */
export function hostTable(hosts: ShownHosts, room: number): Markup {
  const data = dataOf(hosts, room);
  const shown = data.rows.length;
  const columns = columnsOf(hosts);
  const caption =
    shown < hosts.all
      ? `The worst ${grouped(shown)} of ${counted(hosts.all, 'host')}`
      : `${counted(hosts.all, 'host')}, the worst first`;
  return markup`<section class="hosts" aria-labelledby="hosts"><h2 id="hosts">All hosts</h2>
<div id="controls" class="controls" hidden>
<p><label for="search">Search address, name, system</label><input id="search" type="search" autocomplete="off" spellcheck="false"></p>
${(hosts.detailed || data.gained) && markup`<p><label for="show">Show</label><select id="show"><option value="0">all hosts</option>${data.gained && markup`<option value="gained">with something new since last time</option>`}${hosts.detailed && [5, 4, 3].map((severity) => markup`<option value="${severity}">with a confirmed ${severity}${severity < 5 && ' or worse'}</option>`)}</select></p>`}
<p><span class="label" id="order">Order</span><button type="button" id="worst" aria-labelledby="order worst" aria-pressed="true">The worst first</button></p>
<p><label for="rows">Rows</label><select id="rows"><option>25</option><option selected>${ROWS}</option><option>100</option><option>500</option></select></p>
</div>
<table id="host-table" class="host-table"><caption>${caption}${hosts.detailed && markup`<span class="about">5 to 1: confirmed findings of that severity. All: with potential ones and information.</span>`}</caption>
<thead><tr>${columns.map(headOf)}</tr></thead>
<tbody>${data.rows.slice(0, ROWS).map((row) => rowOf(row, data, columns))}</tbody></table>
<nav id="pager" class="pager" aria-label="Pages of the table" hidden>
<button type="button" id="first">First</button><button type="button" id="previous">Previous</button>
<p id="status" role="status"></p>
<button type="button" id="next">Next</button><button type="button" id="last">Last</button></nav>
${shown > ROWS && markup`<p id="without-script" class="note">These are the first ${ROWS}. To search, to sort and to see the others, open this page in a browser that runs its script.</p>`}
<script type="application/json" id="host-data">${jsonIn(data)}</script>
</section>`;
}

interface Column {
  readonly title: string;
  readonly kind: 'address' | 'text' | 'count';
  /** Its place in a HostRow. */
  readonly place: number;
  /** Of the confirmed findings that it counts. */
  readonly severity?: number;
  /** What a row shows there. */
  cell(row: HostRow, data: HostData): string;
}

const FIRST_COUNT = 4;

function columnsOf({ detailed, sources }: ShownHosts): Column[] {
  const count = (title: string, place: number): Column => ({
    title,
    kind: 'count',
    place,
    cell: (row) => grouped(Number(row[place] ?? 0)),
  });
  const source: Column = {
    title: 'Source',
    kind: 'text',
    place: 3,
    cell: (row, data) => data.sources[row[3]] ?? '',
  };
  return [
    { title: 'Address', kind: 'address', place: 0, cell: (row) => row[0] },
    { title: 'Name', kind: 'text', place: 1, cell: (row) => row[1] },
    {
      title: 'Operating system',
      kind: 'text',
      place: 2,
      cell: (row, data) => data.operatingSystems[row[2]] ?? '',
    },
    ...(new Set(sources).size > 1 ? [source] : []),
    ...(detailed
      ? [5, 4, 3, 2, 1].map((severity, index) => ({
          ...count(String(severity), FIRST_COUNT + 1 + index),
          severity,
        }))
      : []),
    ...(detailed ? [count('Potential', FIRST_COUNT + 6)] : []),
    count('All', FIRST_COUNT),
  ];
}

function headOf({ title, kind, place, severity }: Column): Markup {
  const words =
    severity === undefined
      ? markup`${title}`
      : markup`<span class="unseen">Confirmed, severity </span><span class="badge b${severity}">${title}</span>`;
  const ofSeverity = severity !== undefined && markup` data-severity="${severity}"`;
  return markup`<th scope="col" class="${kind}" data-kind="${kind}" data-place="${place}"${ofSeverity}>${words}</th>`;
}

function rowOf(row: HostRow, data: HostData, columns: readonly Column[]): Markup {
  const cells = columns.map((column, index) => {
    const text = column.cell(row, data);
    if (index === 0) return markup`<th scope="row" class="address">${foreign(text)}</th>`;
    const state = column.kind === 'count' && text === '0' ? ' zero' : '';
    const label = column.kind === 'count' && labelOf(column);
    return markup`<td class="${column.kind}${state}"${label}>${column.kind === 'text' ? foreign(text) : text}</td>`;
  });
  return markup`<tr>${cells}</tr>
`;
}

/** Where a narrow screen has no room for the heads of the columns. */
function labelOf({ title, severity }: Column): Markup {
  return severity === undefined
    ? markup` data-label="${title}"`
    : markup` data-label="${title}" data-severity="${severity}"`;
}

function dataOf({ worst, sources }: ShownHosts, room: number): HostData {
  const operatingSystems = new Map<string, number>();
  const rows: HostRow[] = [];
  const gained: number[] = [];
  let size = 0;
  for (const host of worst) {
    const { operatingSystem } = host;
    const known = operatingSystems.has(operatingSystem);
    if (!known) operatingSystems.set(operatingSystem, operatingSystems.size);
    const row = rowFor(host, operatingSystems.get(operatingSystem) ?? 0);
    size +=
      jsonIn(row).text.length + bytesBeyondAscii(row) + (known ? 1 : Buffer.byteLength(operatingSystem) + 4);
    if (host.hasGained === true) size += String(rows.length).length + 1;
    if (size > room) break;
    if (host.hasGained === true) gained.push(rows.length);
    rows.push(row);
  }
  const isCompared = worst.some(({ hasGained }) => hasGained !== undefined);
  return { operatingSystems: [...operatingSystems.keys()], sources, rows, ...(isCompared && { gained }) };
}

function bytesBeyondAscii([, name]: HostRow): number {
  return Buffer.byteLength(name) - name.length;
}

function rowFor({ address, name, input, counts, findings }: SeenHost, operatingSystem: number): HostRow {
  const confirmed = [5, 4, 3, 2, 1].map((severity) => counts.confirmed[severity] ?? 0);
  const all = [findings, ...confirmed, sum(counts.potential)];
  return [
    address,
    name,
    operatingSystem,
    input,
    ...all.slice(0, 1 + all.findLastIndex((count) => count > 0)),
  ];
}
