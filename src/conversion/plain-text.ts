/**
 * Text as host input takes it: printable ASCII without commas and double quotes, which the import format can not quote
 * (host input guide; its encoding is not documented).
 */
export interface PlainText {
  readonly text: string;
  /** Characters that had no ASCII form. */
  readonly dropped: number;
}

/** Plain text from plain text. */
export function plainText(source: string): PlainText {
  if (/^[ -~]*$/.test(source)) {
    return { text: fieldText(source), dropped: 0 };
  }
  // Marks go before as well: to put a long run of them into its order takes time that grows with its square.
  const unmarked = source.replaceAll(/[^ -~]/g, asciiForm).replaceAll(/\p{M}/gu, '');
  const decomposed = unmarked.normalize('NFKD');
  // What stays beyond ASCII is either a mark taken off its letter, which is no loss, or has no ASCII form.
  const letters = decomposed.replaceAll(/\p{M}/gu, '');
  let dropped = 0;
  const kept = letters.replaceAll(/[^ -~\s]/gu, () => {
    dropped += 1;
    return '';
  });
  return { text: fieldText(kept), dropped };
}

/** Plain text from HTML, as the texts of the glossary are: tags go, entities become what they stand for. */
export function plainTextOfHtml(html: string): PlainText {
  return plainText(decodeEntities(withoutComments(html).replaceAll(tags, ' ')));
}

/** At most `length` characters, cut at the end of a word where there is one. */
export function cutAtWord(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  if (length <= 0) {
    return '';
  }
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
const tags =
  /<\/?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|html|i|img|input|kbd|li|ol|p|pre|q|s|samp|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)(?:\s[^<>]*)?\/?>/gis;

/** Entities that are no marked letter. */
const entities = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    lsquo: "'",
    rsquo: "'",
    sbquo: "'",
    ldquo: '"',
    rdquo: '"',
    bdquo: '"',
    laquo: '"',
    raquo: '"',
    ndash: '-',
    mdash: '-',
    minus: '-',
    hellip: '...',
    bull: '*',
    middot: '*',
    copy: '(c)',
    reg: '(R)',
    trade: '(TM)',
    times: 'x',
    szlig: 'ss',
    aelig: 'ae',
    AElig: 'AE',
    oelig: 'oe',
    OElig: 'OE',
    oslash: 'o',
    Oslash: 'O',
    euro: 'EUR',
    pound: 'GBP',
    sect: 'section',
    deg: ' degrees',
    micro: 'u',
    frac12: '1/2',
  }),
);

/** Characters that Unicode does not decompose into ASCII. */
const forms = new Map(
  Object.entries({
    '‘': "'",
    '’': "'",
    '‚': "'",
    '‛': "'",
    '“': '"',
    '”': '"',
    '„': '"',
    '«': '"',
    '»': '"',
    '–': '-',
    '—': '-',
    '‐': '-',
    '−': '-',
    '•': '*',
    '·': '*',
    '©': '(c)',
    '®': '(R)',
    '×': 'x',
    '→': '->',
    '≤': '<=',
    '≥': '>=',
    ß: 'ss',
    æ: 'ae',
    Æ: 'AE',
    œ: 'oe',
    Œ: 'OE',
    ø: 'o',
    Ø: 'O',
    đ: 'd',
    Đ: 'D',
    ł: 'l',
    Ł: 'L',
    ı: 'i',
    þ: 'th',
    Þ: 'Th',
    '€': 'EUR',
  }),
);

function asciiForm(character: string): string {
  return forms.get(character) ?? character;
}

const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,30}));/gi;

function decodeEntities(text: string): string {
  return text.replaceAll(reference, (whole: string, decimal?: string, hex?: string, name?: string) =>
    name === undefined
      ? character(hex === undefined ? Number(decimal) : parseInt(hex, 16), whole)
      : namedEntity(name, whole),
  );
}

function namedEntity(name: string, whole: string): string {
  const marked = /^([a-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron)$/i.exec(name)?.[1];
  return marked ?? entities.get(name) ?? entities.get(name.toLowerCase()) ?? whole;
}

function character(code: number, whole: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
