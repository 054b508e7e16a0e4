import { isIP } from 'node:net';
import { COMMANDS } from '../../host-input/commands.ts';
import { type Command, CommandError, commandName, parseCommand } from '../../host-input/command.ts';
import { checkCommand } from './command-checks.ts';
import { applyCommand } from './host-commands.ts';
import type { NetworkMap, WaitingChange } from './network-map.ts';

export interface BlockOutcome {
  /** Recognised commands, faulty ones included. */
  readonly processed: number;
  /** One line of text each. */
  readonly errors: readonly string[];
}

/** Carries out the commands of one connection. */
export class Interpreter {
  /** SetSource, SetSourceType, SetMap, SetDomain: they hold for the connection. */
  readonly settings = new Map<string, string>();
  /** Lines that no command was recognised in; a real server says nothing of them. */
  readonly discarded: string[] = [];
  readonly #map: NetworkMap;
  readonly #strict: boolean;
  #waiting: WaitingChange[] = [];
  /** Findings by what stands behind the address: the same ones come on many hosts. */
  readonly #remembered = new Map<string, Finding>();

  /** @param strict complain of lines that a real server discards without a word */
  constructor(map: NetworkMap, strict: boolean) {
    this.#map = map;
    this.#strict = strict;
  }

  run(block: Buffer): BlockOutcome {
    const errors: string[] = [];
    let processed = 0;
    for (const [index, line] of block.toString('utf8').split('\n').entries()) {
      if (line === '' || line.startsWith('#')) continue;
      const known = COMMANDS.has(commandName(line));
      if (known) processed++;
      const wrong = known ? this.#carryOut(line) : this.#discard(line);
      if (wrong !== undefined) errors.push(`Line ${index + 1}: ${commandName(line)}: ${wrong}`);
    }
    return { processed, errors };
  }

  /** The connection has ended, which is a ScanUpdate. */
  end(): void {
    this.#map.update(this.#waiting);
    this.#waiting = [];
  }

  #discard(line: string): string | undefined {
    this.discarded.push(line);
    return this.#strict ? 'not a command' : undefined;
  }

  /** Returns what is wrong with the line, which then has no effect. */
  #carryOut(line: string): string | undefined {
    if (line.includes('\r')) return 'the line holds a carriage return';
    if (this.#addRemembered(line)) return undefined;
    try {
      const command = parseCommand(line);
      const wrong = checkCommand(command);
      if (wrong !== undefined) return wrong;
      if (command.name === 'AddScanResult') this.#remember(line);
      return this.#apply(command);
    } catch (error) {
      if (error instanceof CommandError) return error.message;
      throw error;
    }
  }

  #addRemembered(line: string): boolean {
    const [address, rest] = splitAtAddress(line);
    const finding = this.#remembered.get(rest);
    if (!finding || isIP(address) === 0) return false;
    this.#waiting.push({ kind: 'add', address, ...finding });
    return true;
  }

  #remember(line: string): void {
    if (this.#remembered.size >= MOST_REMEMBERED) return;
    // A copy: a part of the block's text would keep all of it in memory.
    const copy = Buffer.from(line).toString();
    const { scanner, result } = addedResult(parseCommand(copy).fields);
    this.#remembered.set(splitAtAddress(copy)[1], { scanner, result });
  }

  #apply(command: Command): string | undefined {
    switch (command.name) {
      case 'SetSource':
      case 'SetSourceType':
      case 'SetMap':
      case 'SetDomain':
        this.settings.set(command.name, command.fields[0] ?? '');
        return undefined;
      case 'AddScanResult':
        this.#waiting.push(addedResult(command.fields));
        return undefined;
      case 'DeleteScanResult':
        this.#waiting.push(deletedResults(command.fields));
        return undefined;
      case 'ScanFlush':
        this.#map.flush(this.#waiting);
        this.#waiting = this.#waiting.filter((change) => change.kind === 'delete');
        return undefined;
      case 'ScanUpdate':
        this.end();
        return undefined;
      default:
        return applyCommand(this.#map, command);
    }
  }
}

type AddedResult = Extract<WaitingChange, { kind: 'add' }>;
type Finding = Pick<AddedResult, 'scanner' | 'result'>;

const MOST_REMEMBERED = 10_000;
const ADD = 'AddScanResult,';

/** `AddScanResult,192.0.2.1,rest` → address and rest; two empty texts for any other line. */
function splitAtAddress(line: string): [address: string, rest: string] {
  const comma = line.startsWith(ADD) ? line.indexOf(',', ADD.length) : -1;
  return comma < 0 ? ['', ''] : [line.slice(ADD.length, comma), line.slice(comma)];
}

function addedResult(fields: readonly string[]): AddedResult {
  const [address = '', scanner = '', vulnerability = '', port = '', protocol = ''] = fields;
  const [name = '', description = '', cveIds = '', bugtraqIds = ''] = fields.slice(5);
  const result = {
    vulnerability,
    port,
    protocol,
    name,
    description,
    cveIds: idsIn(cveIds),
    bugtraqIds: idsIn(bugtraqIds),
  };
  return { kind: 'add', address, scanner, result };
}

function deletedResults(fields: readonly string[]): WaitingChange {
  const [address = '', scanner = '', vulnerability = '', port = '', protocol = ''] = fields;
  const fits = (wanted: string, found: string): boolean => wanted === '' || wanted === found;
  return {
    kind: 'delete',
    address,
    matches: (by, result) =>
      fits(scanner, by) &&
      fits(vulnerability, result.vulnerability) &&
      fits(port, result.port) &&
      fits(protocol, result.protocol),
  };
}

/** `cve_ids: A B` → A, B. */
function idsIn(field: string): string[] {
  return field.split(' ').filter((word) => word !== '' && !word.endsWith(':'));
}
