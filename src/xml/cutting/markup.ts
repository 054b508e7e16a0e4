/** Finding the ends of markup in bytes. Every function takes the place to begin at and the end of what is there. */

const LESS = 0x3c;
const GREATER = 0x3e;
const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const SLASH = 0x2f;

/** What ends a part of the document whose contents are no markup. */
export type HiddenMark = '-->' | ']]>' | '?>';

/** The next `<`, or `end`. */
export function nextTag(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== LESS) {
    at++;
  }
  return at;
}

/** The place behind `mark`; -1 when it is not there (it may have begun). */
export function hiddenEnd(bytes: Buffer, from: number, end: number, mark: HiddenMark): number {
  const before = mark.charCodeAt(0);
  return mark === '?>' ? afterPair(bytes, from, end, before) : afterTriple(bytes, from, end, before);
}

function afterPair(bytes: Buffer, from: number, end: number, before: number): number {
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === GREATER && bytes[at - 1] === before) return at + 1;
  }
  return -1;
}

/** Looks at every third byte only, as long as it is none of the three looked for: results are long. */
function afterTriple(bytes: Buffer, from: number, end: number, before: number): number {
  let at = from + 2;
  while (at < end) {
    const byte = bytes[at];
    if (byte === GREATER && bytes[at - 1] === before && bytes[at - 2] === before) return at + 1;
    at += byte === before ? 1 : 3;
  }
  return -1;
}

/**
 * The place of the `>` that ends a start tag, which may hold others in its attributes, or of a `<` before it, which it
 * may not; -1: not there.
 */
export function tagEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    // Letters are greater than all that matters.
    if (byte > GREATER) continue;
    if (byte === GREATER || byte === LESS) return at;
    if (byte === DOUBLE_QUOTE || byte === QUOTE) {
      for (at++; at < end && bytes[at] !== byte; at++) {
        if (bytes[at] === LESS) return at;
      }
    }
  }
  return -1;
}

/**
 * The place behind the end tag of an element that holds only text; its name stands from `name` to `nameEnd`, its start tag
 * ends before `after`. -1: it holds more, or it is not all there.
 */
export function leafEnd(bytes: Buffer, name: number, nameEnd: number, after: number, end: number): number {
  const endTag = nextTag(bytes, after, end);
  const close = endTag + 2 + nameEnd - name;
  return close < end &&
    bytes[close] === GREATER &&
    bytes[endTag + 1] === SLASH &&
    sameBytes(bytes, name, nameEnd, endTag + 2)
    ? close + 1
    : -1;
}

/** Whether the bytes from `start` to `end` stand at `other` too. */
function sameBytes(bytes: Buffer, start: number, end: number, other: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== bytes[other + at - start]) return false;
  }
  return true;
}

/** A DOCTYPE of Qualys takes some hundred bytes. */
const DOCTYPE_LIMIT = 65_536;

/** The place behind the DOCTYPE that begins at `tag`; -1: not all there; undefined: it has declarations of its own. */
export function doctypeEnd(bytes: Buffer, tag: number, end: number): number | undefined {
  const text = bytes.toString('latin1', tag, Math.min(end, tag + DOCTYPE_LIMIT));
  // .NET writes an empty `[]` when it saves a document again; that declares nothing.
  const whole = /^<!DOCTYPE(?:[^<>[\]"']|"[^"]*"|'[^']*')*(?:\[\s*\]\s*)?>/.exec(text)?.[0];
  if (whole !== undefined) return tag + whole.length;
  const unquoted = text.slice('<!DOCTYPE'.length).replaceAll(/"[^"]*"?|'[^']*'?/g, '');
  return /\[\s*[^\s\]]|\]\s*[^\s>]|^[^[]*</.test(unquoted) || text.length === DOCTYPE_LIMIT ? undefined : -1;
}

export function startsWith(bytes: Buffer, at: number, end: number, text: Buffer): boolean {
  if (end - at < text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text[index]) return false;
  }
  return true;
}
