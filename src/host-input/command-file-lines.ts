import { isUtf8 } from 'node:buffer';

const LF = 0x0a;

export interface Lines {
  /** Without their LF. */
  readonly lines: readonly string[];
  /** Indexes of lines that are not UTF-8; these are read as Latin-1. */
  readonly notUtf8: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** @param text whole lines */
export function linesIn(text: Buffer): Lines {
  if (!isUtf8(text)) return slowLinesIn(text);
  const lines = text.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines, notUtf8: NONE };
}

function slowLinesIn(text: Buffer): Lines {
  const lines: string[] = [];
  const notUtf8 = new Set<number>();
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(LF, start);
    const end = found < 0 ? text.length : found;
    const line = text.subarray(start, end);
    if (!isUtf8(line)) notUtf8.add(lines.length);
    lines.push(line.toString(isUtf8(line) ? 'utf8' : 'latin1'));
    start = end + 1;
  }
  return { lines, notUtf8 };
}

/** Comments and blank lines: the Management Center passes over them too. */
export function saysNothing(line: string): boolean {
  return line === '' || line.startsWith('#') || line.trim() === '';
}
