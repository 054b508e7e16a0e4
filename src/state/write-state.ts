import type { FindingSegments } from './finding-segments.ts';
import { MARKS } from './host-table.ts';
import type { State } from './read-state.ts';
import { FINDING_SIZE, FORMAT, HOST_SIZE, KIND, type StateHeader, StateWriter } from './state-file.ts';

export interface Outcome extends Pick<
  StateHeader,
  'server' | 'source' | 'started' | 'full' | 'everything' | 'rules'
> {
  /** What is not acknowledged of this run is not taken for granted. */
  readonly isFull: boolean;
  readonly segments: FindingSegments;
  /** Hosts that are gone, as is meant. */
  readonly gone: ReadonlySet<number>;
  /** Nothing is known of any host. */
  readonly forgets: boolean;
}

/** Numbers of hosts and findings written at once. */
const PORTION = 8192;

/** What becomes of a host in the state. */
interface Fate {
  readonly marks: number;
  /** Whether it is this run that sent it last. */
  readonly isSent: boolean;
  /** Whether its digest is the present one. */
  readonly isNow: boolean;
  /** Whether it keeps its findings of last time. */
  readonly keepsFindings: boolean;
}

/** Writes what is known of a source after a run: what was acknowledged, and nothing that is not sure. @throws FileWriteError */
export async function writeState(path: string, state: State, outcome: Outcome): Promise<void> {
  const { server, source, started, full, everything, rules, segments } = outcome;
  const { table, sequence } = state;
  const hosts: number[] = [];
  let findings = 0;
  for (let host = 0; host < (outcome.forgets ? 0 : table.length); host++) {
    const fate = fateOf(host, state, outcome);
    if (!fate) continue;
    hosts.push(host);
    findings += findingsOf(host, fate, state, segments);
  }
  const header = {
    kind: KIND,
    format: FORMAT,
    server,
    source,
    started,
    full,
    sequence,
    everything,
    rules,
  } as const;
  const writer = await StateWriter.create(path, { ...header, hosts: hosts.length, findings });
  try {
    await writeHosts(writer, hosts, state, outcome);
    await writer.endPart();
    await writeFindings(writer, hosts, state, outcome);
    await writer.endPart();
    await writer.commit();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Undefined: it is forgotten. */
function fateOf(host: number, state: State, { isFull, gone }: Outcome): Fate | undefined {
  const { table } = state;
  const before = (table.marks[host] ?? 0) & MARKS.kept;
  const isSent = table.has(host, MARKS.sent);
  const isAcknowledged = isSent && table.outstanding[host] === 0;
  const isKnownToOthers = (table.otherSequences[host] ?? 0) > 0;
  if (gone.has(host) && (isAcknowledged || !isSent)) {
    // Others have to see that this source touched it.
    return isKnownToOthers ? { marks: MARKS.gone, isSent, isNow: false, keepsFindings: false } : undefined;
  }
  if (isAcknowledged && !gone.has(host)) {
    const added = table.has(host, MARKS.addsNow) ? MARKS.added : 0;
    const keepsFindings = table.has(host, MARKS.spared);
    return { marks: MARKS.valid | MARKS.known | added, isSent, isNow: true, keepsFindings };
  }
  if (isSent) return { marks: before & MARKS.known, isSent, isNow: false, keepsFindings: true };
  if (table.has(host, MARKS.spared)) {
    return { marks: before & ~(MARKS.silent | MARKS.gone), isSent, isNow: false, keepsFindings: true };
  }
  // The stream broke before it was decided.
  if (host >= state.known) return undefined;
  const isSilent = table.has(host, MARKS.silentNow) && !table.has(host, MARKS.seen);
  if ((before & MARKS.gone) !== 0 && !isSilent && !isKnownToOthers) return undefined;
  const marks = (isFull ? before & ~MARKS.valid : before) | (isSilent ? MARKS.silent : 0);
  return {
    marks: isSilent ? marks & ~MARKS.gone : marks,
    isSent,
    isNow: false,
    keepsFindings: !isSilent,
  };
}

function findingsOf(host: number, fate: Fate, { table }: State, segments: FindingSegments): number {
  const before = fate.keepsFindings ? (table.findings[host] ?? 0) : 0;
  return before + (fate.isNow ? segments.count(table.segments[host] ?? 0) : 0);
}

async function writeHosts(
  writer: StateWriter,
  hosts: readonly number[],
  state: State,
  outcome: Outcome,
): Promise<void> {
  const { table, sequence } = state;
  for (let from = 0; from < hosts.length; from += PORTION) {
    const portion = hosts.slice(from, from + PORTION);
    const words = new Uint32Array((portion.length * HOST_SIZE) / 4);
    for (const [index, host] of portion.entries()) {
      const fate = fateOf(host, state, outcome);
      if (!fate) continue;
      const at = (index * HOST_SIZE) / 4;
      const digests = fate.isNow ? table.digestsNow : table.digests;
      words.set(table.keys.subarray(host * 4, host * 4 + 4), at);
      words.set(digests.subarray(host * 4, host * 4 + 4), at + 4);
      words[at + 8] = fate.isSent ? sequence : (table.sequences[host] ?? 0);
      words[at + 9] = findingsOf(host, fate, state, outcome.segments);
      words[at + 10] = (fate.isNow ? table.unitsNow[host] : table.units[host]) ?? 0;
      words[at + 11] = fate.marks;
    }
    await writer.write(new Uint8Array(words.buffer));
  }
}

async function writeFindings(
  writer: StateWriter,
  hosts: readonly number[],
  state: State,
  outcome: Outcome,
): Promise<void> {
  const { table } = state;
  const pending = new PendingFindings(writer, state);
  for (const host of hosts) {
    const fate = fateOf(host, state, outcome);
    if (fate?.keepsFindings === true) await pending.keep(table.offsets[host] ?? 0, table.findings[host] ?? 0);
    if (fate?.isNow === true) await pending.add(outcome.segments.read(table.segments[host] ?? 0));
  }
  await pending.flush();
}

/** Findings on their way into the file: what stays as it is mostly stands together in the old one. */
class PendingFindings {
  readonly #writer: StateWriter;
  readonly #state: State;
  #from = 0;
  #count = 0;
  #added: Float64Array[] = [];
  #addedCount = 0;

  constructor(writer: StateWriter, state: State) {
    this.#writer = writer;
    this.#state = state;
  }

  async keep(from: number, count: number): Promise<void> {
    if (count === 0) return;
    if (this.#addedCount > 0 || this.#from + this.#count !== from) {
      await this.flush();
      this.#from = from;
    }
    this.#count += count;
    if (this.#count >= PORTION) await this.flush();
  }

  async add(findings: Float64Array): Promise<void> {
    if (findings.length === 0) return;
    if (this.#count > 0) await this.flush();
    this.#added.push(findings);
    this.#addedCount += findings.length;
    if (this.#addedCount >= PORTION) await this.flush();
  }

  async flush(): Promise<void> {
    for (let done = 0; done < this.#count; done += PORTION) {
      const findings = this.#state.read(this.#from + done, Math.min(PORTION, this.#count - done));
      await this.#writer.write(new Uint8Array(findings.buffer));
    }
    this.#from += this.#count;
    this.#count = 0;
    if (this.#addedCount > 0) {
      await this.#writer.write(Buffer.concat(this.#added.map(bytesOf), this.#addedCount * FINDING_SIZE));
    }
    this.#added = [];
    this.#addedCount = 0;
  }
}

function bytesOf(findings: Float64Array): Uint8Array {
  return new Uint8Array(findings.buffer, findings.byteOffset, findings.byteLength);
}
