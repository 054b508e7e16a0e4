/** Tables with bars, as all parts of the page have them. */
import { grouped } from '../text/grouped.ts';
import { markup, type Markup } from './markup.ts';

/** Makes a heading of the rank that the parts of an input have. */
export type Heading = (text: string) => Markup;

export interface Table {
  /** Where what a row is takes a line or two: on a narrow screen it stands above its numbers. */
  readonly long?: boolean;
  readonly caption: string;
  /** Of the columns: what each row is, then its bar, then its numbers. */
  readonly heads: readonly [row: string, bar: string, ...numbers: string[]];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly head: Markup | string;
  readonly bar: Markup;
  readonly numbers: readonly (number | string)[];
}

export function tableOf({ caption, long = false, heads: [row, bar, ...numbers], rows }: Table): Markup {
  return markup`<table class="${long ? 'bars long' : 'bars'}"><caption>${caption}</caption>
<thead><tr><th scope="col">${row}</th><td class="bar-cell"><span class="unseen">${bar}</span></td>${numbers.map((name) => markup`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${rows.map(rowOf)}</tbody></table>
`;
}

function rowOf({ head, bar, numbers }: Row): Markup {
  const cells = numbers.map((number) =>
    typeof number === 'string'
      ? markup`<td class="number">${number}</td>`
      : markup`<td class="${number === 0 ? 'number zero' : 'number'}">${grouped(number)}</td>`,
  );
  return markup`<tr><th scope="row">${head}</th><td class="bar-cell">${bar}</td>${cells}</tr>
`;
}
