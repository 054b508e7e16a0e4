/** What the beginning of a document tells of it. */
export interface DocumentStart {
  /** `unknown`: more text is needed to tell. */
  readonly kind: 'xml' | 'html' | 'text' | 'empty' | 'unknown';
  /** Name of the root element, for XML. */
  readonly root: string | undefined;
  /** Name of the first element in the root; undefined where there is none, or none yet. */
  readonly firstChild: string | undefined;
}

/** What may stand before an element: blanks, comments, processing instructions, a DOCTYPE with or without subset. */
const MISC = /(?:\s+|<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE(?:[^[\]<>"']|"[^"]*"|'[^']*')*(?:\[[^]*?\]\s*)?>)*/iy;
// The look ahead lets a name end in one place only, else a long one would be tried at every length.
const START_TAG = /<([A-Za-z_][\w.:-]*)(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*>/y;
/** The part of it before a DOCTYPE; a page may have nothing but that to be known by. */
const PROLOG = /(?:\s+|<!--[^]*?-->|<\?[^]*?\?>)*/y;
const HTML_DOCTYPE = /<!DOCTYPE\s+html(?=[\s>])/iy;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Finds the root element behind whatever Qualys puts before it: a comment before the declaration, blank lines, a
 * banner, nothing at all (all observed).
 * @param ended whether `text` is the whole document
 */
export function readDocumentStart(text: string, ended: boolean): DocumentStart {
  const begin = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  if (skip(HTML_DOCTYPE, text, skip(PROLOG, text, begin)) > 0) return none('html');
  const rootAt = skip(MISC, text, begin);
  if (rootAt >= text.length) return none(ended ? 'empty' : 'unknown');
  if (text[rootAt] !== '<') return none('text');
  const [root, inside] = readStartTag(text, rootAt);
  if (root === undefined) return none(ended ? 'text' : 'unknown');
  if (/^html$/i.test(root)) return none('html');
  const childAt = skip(MISC, text, inside);
  const [firstChild] = readStartTag(text, childAt);
  const undecided = firstChild === undefined && !ended && !text.startsWith('</', childAt);
  return { kind: undecided ? 'unknown' : 'xml', root, firstChild };
}

function none(kind: DocumentStart['kind']): DocumentStart {
  return { kind, root: undefined, firstChild: undefined };
}

/** The index behind what the pattern matches there; 0 where it does not match. */
function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}

/** The tag's name and the index behind it. */
function readStartTag(text: string, at: number): [name: string | undefined, after: number] {
  START_TAG.lastIndex = at;
  const name = START_TAG.exec(text)?.[1];
  return [name, START_TAG.lastIndex];
}
