import { isUtf8 } from 'node:buffer';
import { CommandError, commandName, parseCommand } from './command.ts';
import { COMMANDS } from './commands.ts';

const LF = 0x0a;
const MARK = Buffer.from('\uFEFF');

export interface Lines {
  /** Without their LF. */
  readonly lines: readonly string[];
  /** How their bytes became characters: not every file is UTF-8, and `-force` sends its bytes as they are. */
  readonly encoding: 'utf8' | 'latin1';
}

/** @param text whole lines */
export function linesIn(text: Buffer): Lines {
  const encoding = isUtf8(text) ? 'utf8' : 'latin1';
  const lines = text.toString(encoding).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines, encoding };
}

/** Each line for itself: those that are not UTF-8 are read as Latin-1, and their indexes are told. @param text whole lines */
export function linesToCheck(text: Buffer): { lines: readonly string[]; notUtf8: ReadonlySet<number> } {
  if (isUtf8(text)) return { ...linesIn(text), notUtf8: new Set() };
  const lines: string[] = [];
  const notUtf8 = new Set<number>();
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(LF, start);
    const end = found < 0 ? text.length : found;
    const {
      lines: [line = ''],
      encoding,
    } = linesIn(text.subarray(start, end));
    if (encoding === 'latin1') notUtf8.add(lines.length);
    lines.push(line);
    start = end + 1;
  }
  return { lines, notUtf8 };
}

/** Comments and blank lines: the Management Center passes over them too. */
export function saysNothing(line: string): boolean {
  return line === '' || /^[ \t\r]*(?:#|$)/.test(line);
}

/** What programs write that says the same without it: the words for one and for many. */
export const UNTIDY = {
  mark: ['byte order mark', 'byte order marks'],
  cr: ['Windows line end', 'Windows line ends'],
  tabs: ['line with tabs', 'lines with tabs'],
  commas: ['line with commas too many at its end', 'lines with commas too many at their end'],
  comments: ['comment behind blanks', 'comments behind blanks'],
} as const;

export type Untidy = keyof typeof UNTIDY;

/** The text without a byte order mark at its beginning, which may stand at the beginning of a file only. */
export function withoutMark(text: Buffer): Buffer {
  return text.subarray(0, MARK.length).equals(MARK) ? text.subarray(MARK.length) : text;
}

/** The line as it is sent: without a CR at its end and commas too many, with a blank for each tab. */
export function tidied(line: string, note: (what: Untidy) => void = () => undefined): string {
  let tidy = line;
  if (tidy.endsWith('\r')) {
    tidy = tidy.slice(0, -1);
    note('cr');
  }
  if (tidy.includes('\t')) {
    tidy = tidy.replaceAll('\t', ' ');
    note('tabs');
  }
  const fewer = withoutNeedlessCommas(tidy);
  if (fewer !== tidy) note('commas');
  return fewer;
}

/** Without the empty fields at the end that its command has no place for. */
function withoutNeedlessCommas(line: string): string {
  const end = endOf(line, line.length);
  if (line[end - 1] !== ',') return line;
  const most = COMMANDS.get(commandName(line))?.most ?? Infinity;
  const needless = fieldCount(line) - most;
  let cut = end;
  for (let removed = 0; removed < needless && line[cut - 1] === ','; removed++) cut = endOf(line, cut - 1);
  return cut === end ? line : line.slice(0, cut);
}

/** Where the text before `end` ends, without blanks. */
function endOf(line: string, end: number): number {
  let at = end;
  while (line[at - 1] === ' ') at--;
  return at;
}

/** Behind the name; none where the line cannot be taken apart. */
function fieldCount(line: string): number {
  try {
    return parseCommand(line).fields.length;
  } catch (error) {
    if (error instanceof CommandError) return 0;
    throw error;
  }
}
