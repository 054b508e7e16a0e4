import { grouped } from '../text/grouped.ts';
import { badAddressItem, isAddress } from './addresses.ts';
import { type Command, CommandError, commandName, parseCommand } from './command.ts';
import { type CommandSyntax, COMMANDS, SETTINGS, UNIT_ENDS, WAITING } from './commands.ts';
import type { CommandFile } from './command-file.ts';
import { HostByHost } from './host-by-host.ts';
import { linesToCheck, saysNothing, tidied, type Untidy, UNTIDY, withoutMark } from './command-file-lines.ts';
import { UnitReader } from './command-file-parts.ts';
import { type CommandPart, NOTHING, plus, type Tally, tallyOf } from './command-stream.ts';

/** Problems that are described; all are counted. */
const MOST_PROBLEMS = 10;

export interface CommandFileCheck {
  /** `line 3: unknown command 'Foo'`: the first ten. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  /** Lines that fit into no block. */
  readonly tooLong: number;
  /** What is sent without it, unless the file is sent as it is: `3 lines with tabs`. */
  readonly untidy: readonly string[];
  /** Commands and hosts (units). */
  readonly tally: Tally;
  /** Whether commands stand before the first SetSource, or without any. */
  readonly lacksSource: boolean;
  /** Why its units cannot be told apart host by host, a clause; undefined: they can. */
  readonly incomparable: string | undefined;
  /** Whether findings at the end are followed by no ScanFlush or ScanUpdate. */
  readonly endsOpen: boolean;
}

/**
 * Reads the file through, in bounded memory, and tells what the Management Center would not take as it is meant.
 * @param maximumLine bytes with the LF
 */
export async function checkCommandFile(
  file: CommandFile,
  maximumLine: number,
  signal: AbortSignal,
): Promise<CommandFileCheck> {
  const check = new Check(maximumLine);
  let first = true;
  for await (const piece of file.pieces()) {
    signal.throwIfAborted();
    const text = first ? withoutMark(piece) : piece;
    if (text.length < piece.length) check.note('mark');
    first = false;
    const { lines, notUtf8 } = linesToCheck(text);
    for (const [index, line] of lines.entries()) check.line(line, notUtf8.has(index));
  }
  check.end();
  return check;
}

class Check implements CommandFileCheck {
  readonly problems: string[] = [];
  problemCount = 0;
  tooLong = 0;
  tally = NOTHING;
  lacksSource = false;
  endsOpen = false;
  readonly #untidy = new Map<Untidy, number>();
  readonly #hostByHost = new HostByHost();
  readonly #maximumLine: number;
  readonly #units = new UnitReader();
  #lines = 0;
  #hasSource = false;

  constructor(maximumLine: number) {
    this.#maximumLine = maximumLine;
  }

  get untidy(): string[] {
    return [...this.#untidy].map(([what, count]) => `${grouped(count)} ${UNTIDY[what][count === 1 ? 0 : 1]}`);
  }

  get incomparable(): string | undefined {
    if (this.problemCount > 0) return 'lines of the file look wrong';
    if (this.endsOpen) return 'the file ends without ScanFlush or ScanUpdate';
    const { problem } = this.#hostByHost;
    return problem === undefined ? undefined : `in the file ${problem}`;
  }

  line(raw: string, notUtf8: boolean): void {
    this.#lines++;
    if (saysNothing(raw)) {
      if (/^[ \t]+#/.test(raw)) this.note('comments');
      if (raw.endsWith('\r')) this.note('cr');
      return;
    }
    const line = tidied(raw, this.note);
    const name = commandName(line);
    if (COMMANDS.has(name)) this.#see(name);
    this.#hostByHost.line(line, name);
    this.#count((parts) => {
      this.#units.add(line, parts);
    });
    const tooLong = isLonger(line, this.#maximumLine);
    if (tooLong) this.tooLong++;
    const problem = tooLong
      ? `longer than the ${this.#maximumLine} bytes that the Management Center takes`
      : notUtf8
        ? 'not UTF-8 text'
        : problemOf(line, name);
    if (problem !== undefined) this.#tell(problem);
  }

  end(): void {
    this.#count((parts) => {
      this.#units.end(parts);
    });
  }

  readonly note = (what: Untidy): void => {
    this.#untidy.set(what, (this.#untidy.get(what) ?? 0) + 1);
  };

  #see(name: string): void {
    if (name === 'SetSource') this.#hasSource = true;
    else if (!this.#hasSource && !SETTINGS.has(name)) this.lacksSource = true;
    if (WAITING.has(name)) this.endsOpen = true;
    if (UNIT_ENDS.has(name)) this.endsOpen = false;
  }

  #count(give: (parts: CommandPart[]) => void): void {
    const parts: CommandPart[] = [];
    give(parts);
    for (const part of parts) this.tally = plus(this.tally, tallyOf(part, part.text.length));
  }

  #tell(problem: string): void {
    this.problemCount++;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(`line ${this.#lines}: ${problem}`);
  }
}

/** Characters are counted first: bytes only where they decide. */
function isLonger(line: string, maximum: number): boolean {
  if (line.length + 1 > maximum) return true;
  return line.length * 3 + 1 > maximum && Buffer.byteLength(line) + 1 > maximum;
}

const CONTROL = /\p{Cc}/u;

function problemOf(line: string, name: string): string | undefined {
  if (CONTROL.test(line)) return 'holds a control character';
  if (line.startsWith('\uFEFF')) return 'begins with a byte order mark, as files that were put together do';
  if (line.startsWith(' ')) {
    return 'begins with a blank: the Management Center discards such a line without a word';
  }
  const syntax = COMMANDS.get(name);
  if (!syntax) return unknown(name);
  const command = taken(line);
  return typeof command === 'string'
    ? command
    : (countProblem(command, syntax) ?? hostProblem(command, syntax));
}

function countProblem({ name, fields }: Command, { fewest, most }: CommandSyntax): string | undefined {
  if (fields.length >= fewest && fields.length <= most) return undefined;
  return `${name} with ${fields.length} fields behind it instead of ${fewest === most ? '' : `${fewest} to `}${most}`;
}

/** The Management Center takes no names here. */
function hostProblem({ fields: [host = ''] }: Command, { hosts }: CommandSyntax): string | undefined {
  if (hosts === undefined || (hosts === 'optional' && host === '')) return undefined;
  const bad = hosts === 'list' ? badAddressItem(host) : isAddress(host) ? undefined : host;
  if (bad === undefined) return undefined;
  return `'${shown(bad)}' is no IP address${hosts === 'list' ? ', block or range' : ''}`;
}

function shown(text: string): string {
  return text.length > 45 ? `${text.slice(0, 45)}...` : text;
}

function unknown(name: string): string {
  const meant = [...COMMANDS.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
  return `unknown command '${shown(name)}'${meant === undefined ? '' : ` (${meant} is meant?)`}`;
}

/** The line taken apart, or why that cannot be done. */
function taken(line: string): Command | string {
  try {
    return parseCommand(line);
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}
