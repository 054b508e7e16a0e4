import anyAscii from 'any-ascii';
import { decodeHTMLStrict } from 'entities/decode';

/**
 * Text as host input takes it: printable ASCII without commas and double quotes, which the import format cannot quote
 * (host input guide; its encoding is not documented).
 */
export interface PlainText {
  readonly text: string;
  /** Characters that had no ASCII form. */
  readonly dropped: number;
}

/** Code units that are looked at: twice the longest description, and a bound for what grows under conversion. */
const LONGEST_SOURCE = 131_072;

/**
 * What any-ascii would make into another statement ("a ≠ b" into "a = b", "a → b" into "a > b") or into one letter; and
 * signs for which the program's earlier form is the commoner one.
 */
const FORMS = new Map(
  Object.entries({
    '≠': '!=',
    '→': '->',
    '←': '<-',
    '⇒': '=>',
    '×': 'x',
    '§': 'section ',
    '°': ' degrees',
    '©': '(c)',
    '™': '(TM)',
    '·': '*',
    '«': '"',
    '»': '"',
  }),
);

/** Plain text from plain text. */
export function plainText(source: string): PlainText {
  const bounded = source.slice(0, LONGEST_SOURCE);
  if (/^[ -~]*$/.test(bounded)) return { text: fieldText(bounded), dropped: 0 };
  let dropped = 0;
  // 4½ is 4 1/2, not 41/2, and 10² is not 102.
  const apart = bounded.replaceAll(/(?<=\p{Nd})(?=\p{No})/gu, ' ');
  const ascii = apart.replaceAll(/[^ -~\s]/gu, (character) => {
    const form = asciiForm(character);
    // A mark taken off its letter is no loss.
    if (form === '' && !/\p{M}/u.test(character)) dropped++;
    return form;
  });
  return { text: fieldText(ascii), dropped };
}

/** Plain text from HTML, as the texts of the glossary are: tags go, entities become what they stand for. */
export function plainTextOfHtml(html: string): PlainText {
  const bounded = html.slice(0, LONGEST_SOURCE);
  return plainText(decodeHTMLStrict(withoutComments(bounded).replaceAll(TAGS, ' ')));
}

/** Printable ASCII; nothing for what has no such form: emoji, which any-ascii calls by their names, and controls. */
function asciiForm(character: string): string {
  const form = FORMS.get(character) ?? anyAscii(character);
  return /^[ -~]*$/.test(form) && !/^:.+:$/.test(form) ? form : '';
}

/** At most `length` characters, cut at the end of a word where there is one. */
export function cutAtWord(text: string, length: number): string {
  if (text.length <= length) return text;
  if (length <= 0) return '';
  const space = text.lastIndexOf(' ', length);
  return text.slice(0, space > 0 ? space : length).trimEnd();
}

/** Looks for each end once; a regular expression would look for a missing one from every beginning. */
function withoutComments(html: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let at = html.indexOf('<!--'); at >= 0; at = html.indexOf('<!--', from)) {
    const end = html.indexOf('-->', at + 4);
    if (end < 0) break;
    kept.push(html.slice(from, at));
    from = end + 3;
  }
  return [...kept, html.slice(from)].join(' ');
}

function fieldText(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll(/[,\s]+/g, ' ')
    .trim();
}

// Only names of HTML: the <int> in a title like "vector<int> overflow" is text.
const TAGS =
  /<\/?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|html|i|img|input|kbd|li|ol|p|pre|q|s|samp|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)(?:\s[^<>]*)?\/?>/gis;
