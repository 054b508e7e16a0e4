/** HTML whose texts cannot be anything but text. */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Markup | string | number | undefined | null | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of HTML: what is put in is text, escaped for elements and quoted attributes alike, unless it is Markup. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((string, index) => string + written(values[index])).join(''));
}

/** Text of the report: it cannot turn the direction of what stands around it. */
export function foreign(text: string): Markup {
  return markup`<bdi>${text}</bdi>`;
}

function written(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  if (typeof value === 'number') return String(value);
  return value === undefined || value === null || value === false ? '' : value.map(written).join('');
}

/** A value as JSON that can stand in a script element: nothing in it ends that, or begins a comment. */
export function jsonIn(value: unknown): Markup {
  return new Markup(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}
