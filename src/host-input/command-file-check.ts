import { CommandError, commandName, parseCommand } from './command.ts';
import { COMMANDS, SETTINGS, UNIT_ENDS, WAITING } from './commands.ts';
import type { CommandFile } from './command-file.ts';
import { linesIn, saysNothing } from './command-file-lines.ts';

/** Problems that are described; all are counted. */
const MOST_PROBLEMS = 10;

export interface CommandFileCheck {
  /** `line 3: unknown command 'Foo'`: the first ten. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  /** Lines that fit into no block. */
  readonly tooLong: number;
  readonly commands: number;
  /** How often a ScanFlush or ScanUpdate comes. */
  readonly units: number;
  /** Whether commands stand before the first SetSource, or without any. */
  readonly lacksSource: boolean;
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
  for await (const piece of file.pieces()) {
    signal.throwIfAborted();
    const { lines, notUtf8 } = linesIn(piece);
    for (const [index, line] of lines.entries()) check.line(line, notUtf8.has(index));
  }
  return check;
}

class Check implements CommandFileCheck {
  readonly problems: string[] = [];
  problemCount = 0;
  tooLong = 0;
  commands = 0;
  units = 0;
  lacksSource = false;
  endsOpen = false;
  readonly #maximumLine: number;
  #lines = 0;
  #hasSource = false;

  constructor(maximumLine: number) {
    this.#maximumLine = maximumLine;
  }

  line(line: string, notUtf8: boolean): void {
    this.#lines++;
    if (saysNothing(line)) return;
    const name = commandName(line);
    if (COMMANDS.has(name)) this.#count(name);
    const tooLong = isLonger(line, this.#maximumLine);
    if (tooLong) this.tooLong++;
    const problem = tooLong
      ? `longer than the ${this.#maximumLine} bytes that the Management Center takes`
      : notUtf8
        ? 'not UTF-8 text'
        : problemOf(line, name);
    if (problem !== undefined) this.#note(problem);
  }

  #count(name: string): void {
    this.commands++;
    if (name === 'SetSource') this.#hasSource = true;
    else if (!this.#hasSource && !SETTINGS.has(name)) this.lacksSource = true;
    if (WAITING.has(name)) this.endsOpen = true;
    if (UNIT_ENDS.has(name)) {
      this.endsOpen = false;
      this.units++;
    }
  }

  #note(problem: string): void {
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
  if (line.endsWith('\r')) return 'ends in CR, as Windows writes it: keep LF alone';
  if (CONTROL.test(line)) return 'holds a control character';
  if (line.startsWith('\uFEFF')) return 'begins with a byte order mark: save the file without it';
  if (line.startsWith(' ')) {
    return 'begins with a blank: the Management Center discards such a line without a word';
  }
  const syntax = COMMANDS.get(name);
  if (!syntax) return unknown(name);
  const fields = fieldsOf(line);
  if (typeof fields === 'string') return fields;
  if (fields >= syntax.fewest && fields <= syntax.most) return undefined;
  const wanted = syntax.fewest === syntax.most ? `${syntax.most}` : `${syntax.fewest} to ${syntax.most}`;
  return `${name} with ${fields} fields behind it instead of ${wanted}`;
}

function unknown(name: string): string {
  const shown = name.length > 40 ? `${name.slice(0, 40)}...` : name;
  const meant = [...COMMANDS.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
  return `unknown command '${shown}'${meant === undefined ? '' : ` (${meant} is meant?)`}`;
}

/** How many fields follow the name, or what is wrong with them. */
function fieldsOf(line: string): number | string {
  try {
    return parseCommand(line).fields.length;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}
