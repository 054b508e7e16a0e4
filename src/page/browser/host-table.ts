/**
 * What makes the table of hosts searchable, sortable and paged. It runs in the reader's browser, within the page; nothing
 * here is ever asked of a server.
 */
import type { HostData, HostRow } from '../host-data.ts';

interface Column {
  readonly title: string;
  readonly head: HTMLTableCellElement;
  readonly kind: string;
  readonly place: number;
  readonly severity: number;
}

interface View {
  query: string;
  /** The lowest severity of a confirmed finding; 0: none is needed. */
  severity: number;
  /** Only those that have something which was not there last time. */
  gained: boolean;
  size: number;
  page: number;
  sorted: Column | undefined;
  descending: boolean;
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind | undefined {
  const found = document.getElementById(id);
  return found instanceof kind ? found : undefined;
}

const TABLE = element('host-table', HTMLTableElement);
const DATA = JSON.parse(element('host-data', HTMLScriptElement)?.text ?? '{"rows":[]}') as HostData;
const COLUMNS: readonly Column[] = [...(TABLE?.tHead?.rows[0]?.cells ?? [])].map((head) => ({
  head,
  title: head.querySelector('.badge')?.textContent ?? head.textContent,
  kind: head.dataset.kind ?? '',
  place: Number(head.dataset.place),
  severity: Number(head.dataset.severity ?? 0),
}));
const GAINED: ReadonlySet<number> = new Set(DATA.gained);
const VIEW: View = {
  query: '',
  severity: 0,
  gained: false,
  size: 50,
  page: 0,
  sorted: undefined,
  descending: false,
};

function cell(row: HostRow, { place }: Column): string | number {
  const value = row[place] ?? 0;
  if (place === 2) return DATA.operatingSystems[Number(value)] ?? '';
  return place === 3 ? (DATA.sources[Number(value)] ?? '') : value;
}

/** Made once, when something is looked for. */
let searched: readonly string[] | undefined;

function found(): HostRow[] {
  const words = VIEW.query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    searched ??= DATA.rows.map((row) =>
      `${row[0]} ${row[1]} ${DATA.operatingSystems[row[2]] ?? ''} ${DATA.sources[row[3]] ?? ''}`.toLowerCase(),
    );
  }
  const graves = VIEW.severity === 0 ? [] : COLUMNS.filter(({ severity }) => severity >= VIEW.severity);
  const rows = DATA.rows.filter((row, index) => {
    if (VIEW.gained && !GAINED.has(index)) return false;
    if (!words.every((word) => searched?.[index]?.includes(word))) return false;
    return graves.length === 0 || graves.some(({ place }) => Number(row[place] ?? 0) > 0);
  });
  const { sorted, descending } = VIEW;
  if (!sorted) return rows;
  const keyed = rows.map((row) => ({ row, key: sortKey(cell(row, sorted), sorted.kind) }));
  // Where they are equal the worse one stays first, whichever way it goes.
  keyed.sort((a, b) => (descending ? compared(b.key, a.key) : compared(a.key, b.key)));
  return keyed.map(({ row }) => row);
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compared(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : COLLATOR.compare(String(a), String(b));
}

/** Addresses in the order of their networks, IPv4 before IPv6. */
function sortKey(value: string | number, kind: string): string | number {
  if (kind !== 'address') return value;
  const address = String(value);
  if (!address.includes(':')) return `4 ${address}`;
  const [before = '', after] = address.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `6 ${[...head, ...zeros, ...tail].map((group) => parseInt(group, 16)).join(' ')}`;
}

function rowElement(row: HostRow): HTMLTableRowElement {
  const line = document.createElement('tr');
  for (const [index, column] of COLUMNS.entries()) {
    const value = cell(row, column);
    const made = document.createElement(index === 0 ? 'th' : 'td');
    if (index === 0) made.scope = 'row';
    made.className = column.kind + (value === 0 ? ' zero' : '');
    if (column.kind === 'count') made.dataset.label = column.title;
    if (column.severity > 0) made.dataset.severity = String(column.severity);
    if (typeof value === 'number') {
      made.textContent = grouped(value);
    } else {
      const text = document.createElement('bdi');
      text.textContent = value;
      made.append(text);
    }
    line.append(made);
  }
  return line;
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

function show(): void {
  const rows = found();
  const pages = Math.max(1, Math.ceil(rows.length / VIEW.size));
  VIEW.page = Math.min(Math.max(0, VIEW.page), pages - 1);
  const first = VIEW.page * VIEW.size;
  const shown = rows.slice(first, first + VIEW.size);
  TABLE?.tBodies[0]?.replaceChildren(...shown.map(rowElement));
  const status = element('status', HTMLParagraphElement);
  const of = rows.length === DATA.rows.length ? '' : ` found, of ${grouped(DATA.rows.length)}`;
  if (status) {
    status.textContent =
      rows.length === 0
        ? 'No host is like that'
        : `${grouped(first + 1)} to ${grouped(first + shown.length)} of ${grouped(rows.length)}${of}`;
  }
  // What is disabled in truth would lose the keyboard's focus.
  for (const [id, off] of [
    ['first', VIEW.page === 0],
    ['previous', VIEW.page === 0],
    ['next', VIEW.page === pages - 1],
    ['last', VIEW.page === pages - 1],
  ] as const) {
    element(id, HTMLButtonElement)?.setAttribute('aria-disabled', String(off));
  }
  element('worst', HTMLButtonElement)?.setAttribute('aria-pressed', String(VIEW.sorted === undefined));
  for (const column of COLUMNS) {
    if (column !== VIEW.sorted) column.head.removeAttribute('aria-sort');
    else column.head.setAttribute('aria-sort', VIEW.descending ? 'descending' : 'ascending');
  }
}

function change(changed: Partial<View>): void {
  Object.assign(VIEW, { page: 0 }, changed);
  show();
}

/** Numbers begin with the largest, texts with A. */
function sortBy(column: Column): void {
  const again = VIEW.sorted === column;
  change({ sorted: column, descending: again ? !VIEW.descending : column.kind === 'count' });
}

function makeSortable(column: Column): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...column.head.childNodes);
  button.addEventListener('click', () => {
    sortBy(column);
  });
  column.head.append(button);
}

function listen(): void {
  const search = element('search', HTMLInputElement);
  search?.addEventListener('input', () => {
    change({ query: search.value });
  });
  const shown = element('show', HTMLSelectElement);
  shown?.addEventListener('change', () => {
    const gained = shown.value === 'gained';
    change({ gained, severity: gained ? 0 : Number(shown.value) });
  });
  element('worst', HTMLButtonElement)?.addEventListener('click', () => {
    change({ sorted: undefined });
  });
  const size = element('rows', HTMLSelectElement);
  size?.addEventListener('change', () => {
    change({ size: Number(size.value) });
  });
  const turn = (id: string, page: () => number): void => {
    element(id, HTMLButtonElement)?.addEventListener('click', () => {
      change({ page: page() });
    });
  };
  turn('first', () => 0);
  turn('previous', () => VIEW.page - 1);
  turn('next', () => VIEW.page + 1);
  turn('last', () => Number.MAX_SAFE_INTEGER);
}

COLUMNS.forEach(makeSortable);
listen();
show();
for (const id of ['controls', 'pager']) element(id, HTMLElement)?.removeAttribute('hidden');
element('without-script', HTMLElement)?.remove();
