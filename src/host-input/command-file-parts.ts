import { linesIn, saysNothing, tidied, withoutMark } from './command-file-lines.ts';
import { commandName } from './command.ts';
import { type CommandPart, type CommandStream, PART_SIZE } from './command-stream.ts';
import { COMMANDS, SETTINGS, UNIT_ENDS, WAITING } from './commands.ts';

interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Without what no line needs (`tidied`); else each line as it is. */
  readonly tidy?: boolean;
}

/**
 * Commands as a stream, in their order, without comments and blank lines; nothing is added. A unit ends at its
 * ScanFlush or ScanUpdate; where no finding waits, each host's commands make a unit of their own.
 * @param pieces of whole lines
 */
export async function* readCommands(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  { signal, tidy = false }: ReadOptions = {},
): CommandStream {
  const units = new UnitReader();
  let first = true;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    const { lines, encoding } = linesIn(first && tidy ? withoutMark(piece) : piece);
    first = false;
    const parts = units.begin(encoding);
    for (const line of lines) {
      if (!saysNothing(line)) units.add(tidy ? tidied(line) : line, parts);
    }
    if (parts.length > 0) yield parts;
  }
  const parts: CommandPart[] = [];
  units.end(parts);
  if (parts.length > 0) yield parts;
}

/** Puts lines together into units. */
export class UnitReader {
  #lines: string[] = [];
  #encoding: 'utf8' | 'latin1' = 'utf8';
  #size = 0;
  #commands = 0;
  #findings = 0;
  #address = '';
  /** The host of the last unit that ended. */
  #lastAddress = '';
  /** Whether findings wait for a ScanFlush or ScanUpdate. */
  #waiting = false;

  /** What is added from now on has this encoding. @returns the part that this closes */
  begin(encoding: 'utf8' | 'latin1'): CommandPart[] {
    const parts: CommandPart[] = [];
    if (encoding !== this.#encoding) this.#close(!this.#waiting, parts);
    this.#encoding = encoding;
    return parts;
  }

  add(line: string, parts: CommandPart[]): void {
    const name = commandName(line);
    if (SETTINGS.has(name)) {
      this.#close(!this.#waiting, parts);
      parts.push({ kind: 'setting', text: `${line}\n`, ...this.#notUtf8() });
      return;
    }
    const address = this.#waiting ? this.#address : addressOf(line, name);
    if (address !== '' && address !== this.#address) {
      if (this.#address !== '') this.#close(true, parts);
      this.#address = address;
    }
    this.#lines.push(line, '\n');
    this.#size += line.length + 1;
    if (COMMANDS.has(name)) this.#commands++;
    if (name === 'AddScanResult') this.#findings++;
    if (WAITING.has(name)) this.#waiting = true;
    if (UNIT_ENDS.has(name)) this.#waiting = false;
    if (UNIT_ENDS.has(name) || this.#size >= PART_SIZE) this.#close(!this.#waiting, parts);
  }

  end(parts: CommandPart[]): void {
    this.#close(true, parts);
  }

  #close(ends: boolean, parts: CommandPart[]): void {
    if (this.#lines.length === 0) return;
    parts.push({
      kind: 'unit',
      address: this.#address,
      text: this.#lines.join(''),
      commands: this.#commands,
      findings: this.#findings,
      ends,
      ...this.#notUtf8(),
      ...(this.#address !== '' && this.#address === this.#lastAddress && { sameHost: true }),
    });
    this.#lines = [];
    this.#size = this.#commands = this.#findings = 0;
    if (!ends) return;
    this.#lastAddress = this.#address;
    this.#address = '';
  }

  #notUtf8(): Pick<CommandPart, 'encoding'> {
    return this.#encoding === 'utf8' ? {} : { encoding: this.#encoding };
  }
}

/** The first host that the line is about; empty: none. */
function addressOf(line: string, name: string): string {
  if (COMMANDS.get(name)?.hosts === undefined) return '';
  return /^[A-Za-z]+, *"?([^,"]+)/.exec(line)?.[1]?.trim() ?? '';
}
