import { linesIn, saysNothing } from './command-file-lines.ts';
import { commandName } from './command.ts';
import { type CommandPart, type CommandStream, PART_SIZE } from './command-stream.ts';
import { COMMANDS, SETTINGS, UNIT_ENDS, WAITING } from './commands.ts';

/**
 * Commands as a stream, in their order, without comments and blank lines; nothing is added. A unit ends at its
 * ScanFlush or ScanUpdate; where no finding waits, each host's commands make a unit of their own.
 * @param pieces of whole lines
 */
export async function* readCommands(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  signal?: AbortSignal,
): CommandStream {
  const units = new UnitReader();
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    const parts: CommandPart[] = [];
    for (const line of linesIn(piece).lines) {
      if (!saysNothing(line)) units.add(line, parts);
    }
    if (parts.length > 0) yield parts;
  }
  const parts: CommandPart[] = [];
  units.end(parts);
  if (parts.length > 0) yield parts;
}

class UnitReader {
  #lines: string[] = [];
  #size = 0;
  #commands = 0;
  #findings = 0;
  #address = '';
  /** Whether findings wait for a ScanFlush or ScanUpdate. */
  #waiting = false;

  add(line: string, parts: CommandPart[]): void {
    const name = commandName(line);
    if (SETTINGS.has(name)) {
      this.#close(!this.#waiting, parts);
      parts.push({ kind: 'setting', text: `${line}\n` });
      return;
    }
    const address = this.#waiting ? this.#address : firstField(line);
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
    });
    this.#lines = [];
    this.#size = this.#commands = this.#findings = 0;
    if (ends) this.#address = '';
  }
}

function firstField(line: string): string {
  return /^[A-Za-z]+, *"?([^,"]+)/.exec(line)?.[1] ?? '';
}
