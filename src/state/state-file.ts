import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AtomicFile } from '../files/atomic-file.ts';
import { ReadAhead } from '../files/read-ahead.ts';
import { StateDamagedError } from './errors.ts';

/** The first line of a state file. Its hosts and findings follow, each with a checksum. */
export interface StateHeader {
  readonly kind: typeof KIND;
  readonly format: number;
  /** host:port of the Management Center. */
  readonly server: string;
  /** The source's label, e.g. `template 424242`. */
  readonly source: string;
  /** A file of commands that is sent once: it says nothing of which hosts there are. */
  readonly isPassing: boolean;
  /** When the run began that wrote it: ISO 8601, UTC. */
  readonly started: string;
  /** When the last run began that sent everything. */
  readonly full: string;
  /** Of runs to this Management Center, this one's number. */
  readonly sequence: number;
  /** The last run of this source after which nobody can tell which hosts it touched; 0: none. */
  readonly everything: number;
  /** What its units were made by: a name and a value each. */
  readonly rules: Readonly<Record<string, string>>;
  readonly hosts: number;
  readonly findings: number;
}

export const KIND = 'qualys-connector state';
export const FORMAT = 1;

/** One host in a state file: columns of HostTable. */
export const HOST_SIZE = 48;
export const FINDING_SIZE = 8;
const CHECKSUM = 32;
const LONGEST_HEADER = 1_048_576;
const PORTION = 16_384;

/** A state file, held open: it may be replaced while it is read. */
export class StateFile {
  readonly header: StateHeader;
  readonly #path: string;
  readonly #file: number;
  readonly #hostsAt: number;
  #reader: ReadAhead | undefined;
  #findings = new Float64Array(64);

  private constructor(path: string, file: number, header: StateHeader, hostsAt: number) {
    this.#path = path;
    this.#file = file;
    this.header = header;
    this.#hostsAt = hostsAt;
  }

  /** @throws StateDamagedError, the system's error */
  static open(path: string): StateFile {
    const file = openSync(path, 'r');
    try {
      const { header, length } = readHeader(file, path);
      const state = new StateFile(path, file, header, length);
      if (fstatSync(file).size !== state.#end) throw new StateDamagedError(path, 'is not whole');
      return state;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  get #findingsAt(): number {
    return this.#hostsAt + this.header.hosts * HOST_SIZE + CHECKSUM;
  }

  get #end(): number {
    return this.#findingsAt + this.header.findings * FINDING_SIZE + CHECKSUM;
  }

  /** Portions of hosts, HOST_SIZE bytes each, that hold until the next one. What it gave is to be forgotten when it throws. @throws StateDamagedError */
  *hosts(): Generator<Buffer> {
    yield* this.#checked(0, this.#findingsAt - CHECKSUM, this.#hostsAt, PORTION * HOST_SIZE);
  }

  /** Reads the findings through. @throws StateDamagedError */
  checkFindings(): void {
    const portions = this.#checked(
      this.#findingsAt,
      this.#end - CHECKSUM,
      this.#findingsAt,
      PORTION * FINDING_SIZE,
    );
    // Only their checksum is of interest.
    while (portions.next().done !== true) continue;
  }

  /** What it gives holds until the next call. @param from the number of the first */
  findings(from: number, count: number): Float64Array {
    this.#reader ??= new ReadAhead((target, position) =>
      readSync(this.#file, target, 0, target.length, position),
    );
    if (this.#findings.length < count) this.#findings = new Float64Array(count * 2);
    const bytes = new Uint8Array(this.#findings.buffer, 0, count * FINDING_SIZE);
    if (!this.#reader.read(bytes, this.#findingsAt + from * FINDING_SIZE)) {
      throw new StateDamagedError(this.#path, 'is not whole');
    }
    return this.#findings.subarray(0, count);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The bytes from `from` to `to`, after which their checksum stands; those before `given` are checked only. */
  *#checked(from: number, to: number, given: number, portion: number): Generator<Buffer> {
    const hash = createHash('sha256');
    const head = Buffer.alloc(Math.min(given, to) - from);
    this.#read(head, from);
    hash.update(head);
    const all = Buffer.alloc(portion);
    for (let at = from + head.length; at < to; at += portion) {
      const bytes = all.subarray(0, Math.min(portion, to - at));
      this.#read(bytes, at);
      hash.update(bytes);
      if (given <= at) yield bytes;
    }
    const sum = Buffer.alloc(CHECKSUM);
    this.#read(sum, to);
    if (!hash.digest().equals(sum)) throw new StateDamagedError(this.#path, 'is damaged');
  }

  #read(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const read = readSync(this.#file, bytes, done, bytes.length - done, position + done);
      if (read === 0) throw new StateDamagedError(this.#path, 'is not whole');
      done += read;
    }
  }
}

function readHeader(file: number, path: string): { header: StateHeader; length: number } {
  const bytes = Buffer.alloc(LONGEST_HEADER);
  const text = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  const length = text.indexOf(0x0a) + 1;
  const header = parsed(text.toString('utf8', 0, length));
  if (header?.kind !== KIND) throw new StateDamagedError(path, 'is none of this program');
  if (header.format !== FORMAT) throw new StateDamagedError(path, 'was written by another version');
  if (!isHeader(header)) throw new StateDamagedError(path, 'is damaged');
  return { header, length };
}

function parsed(text: string): Partial<StateHeader> | undefined {
  try {
    return Object(JSON.parse(text)) as Partial<StateHeader>;
  } catch {
    return undefined;
  }
}

function isHeader(header: Partial<StateHeader>): header is StateHeader {
  const { server, source, isPassing, started, full, sequence, everything, rules, hosts, findings } = header;
  return (
    [server, source].every((text) => typeof text === 'string') &&
    [started, full].every((time) => typeof time === 'string' && !Number.isNaN(Date.parse(time))) &&
    [sequence, everything, hosts, findings].every(
      (number) => Number.isSafeInteger(number) && Number(number) >= 0,
    ) &&
    typeof isPassing === 'boolean' &&
    areRules(rules)
  );
}

function areRules(rules: unknown): boolean {
  if (typeof rules !== 'object' || rules === null) return false;
  return Object.values(rules).every((value) => typeof value === 'string');
}

/** Writes a state file, in one step. */
export class StateWriter {
  readonly #file: AtomicFile;
  #hash = createHash('sha256');

  private constructor(file: AtomicFile) {
    this.#file = file;
  }

  /** @throws FileWriteError, as all that follows */
  static async create(path: string, header: StateHeader): Promise<StateWriter> {
    const writer = new StateWriter(await AtomicFile.create('The state', path));
    await writer.write(Buffer.from(`${JSON.stringify(header)}\n`));
    return writer;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#file.writeBytes(bytes);
  }

  /** To be called after the hosts, and after the findings. */
  async endPart(): Promise<void> {
    await this.#file.writeBytes(this.#hash.digest());
    this.#hash = createHash('sha256');
  }

  commit(): Promise<void> {
    return this.#file.commit();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}
