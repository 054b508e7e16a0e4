import type { FindingSegments } from './finding-segments.ts';
import { MARKS } from './host-table.ts';
import type { State } from './read-state.ts';
import { FORMAT, HOST_SIZE, KIND, type StateHeader, StateWriter } from './state-file.ts';

export interface Outcome extends Pick<
  StateHeader,
  'server' | 'source' | 'isPassing' | 'started' | 'full' | 'everything' | 'rules'
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
  const { server, source, isPassing, started, full, everything, rules, segments } = outcome;
  const { sequence } = state;
  let hosts = 0;
  let findings = 0;
  for (const [host, fate] of fatesOf(state, outcome)) {
    hosts++;
    findings += findingsOf(host, fate, state, segments);
  }
  const header = {
    kind: KIND,
    format: FORMAT,
    server,
    source,
    isPassing,
    started,
    full,
    sequence,
    everything,
    rules,
  } as const;
  const writer = await StateWriter.create(path, { ...header, hosts, findings });
  try {
    await writeHosts(writer, state, outcome);
    await writer.endPart();
    await writeFindings(writer, state, outcome);
    await writer.endPart();
    await writer.commit();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Hosts that are kept, in the order of the file. */
function* fatesOf(state: State, outcome: Outcome): Generator<[number, Fate]> {
  for (let host = 0; host < (outcome.forgets ? 0 : state.table.length); host++) {
    const fate = fateOf(host, state, outcome);
    if (fate) yield [host, fate];
  }
}

/** Undefined: it is forgotten. */
function fateOf(host: number, state: State, { isFull, gone }: Outcome): Fate | undefined {
  const { table } = state;
  const before = table.marks.get(host) & MARKS.kept;
  const isSent = table.has(host, MARKS.sent);
  const isAcknowledged = isSent && table.outstanding(host) === 0;
  const isKnownToOthers = table.otherSequences.get(host) > 0;
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
  const before = fate.keepsFindings ? table.findings.get(host) : 0;
  return before + (fate.isNow ? segments.count(table.segment(host)) : 0);
}

async function writeHosts(writer: StateWriter, state: State, outcome: Outcome): Promise<void> {
  const { table, sequence } = state;
  const words = new Uint32Array((PORTION * HOST_SIZE) / 4);
  let at = 0;
  for (const [host, fate] of fatesOf(state, outcome)) {
    table.copyKey(host, words, at);
    if (fate.isNow) table.copyDigestNow(host, words, at + 4);
    else table.copyDigest(host, words, at + 4);
    words[at + 8] = fate.isSent ? sequence : table.sequences.get(host);
    words[at + 9] = findingsOf(host, fate, state, outcome.segments);
    words[at + 10] = (fate.isNow ? table.unitsNow : table.units).get(host);
    words[at + 11] = fate.marks;
    at += HOST_SIZE / 4;
    if (at < words.length) continue;
    await writer.write(bytesOf(words));
    at = 0;
  }
  await writer.write(bytesOf(words.subarray(0, at)));
}

async function writeFindings(writer: StateWriter, state: State, outcome: Outcome): Promise<void> {
  const { table } = state;
  const buffer = new Float64Array(PORTION);
  let used = 0;
  for (const [host, fate] of fatesOf(state, outcome)) {
    const kept = fate.keepsFindings ? state.findings(host) : NONE;
    const added = fate.isNow ? outcome.segments.read(table.segment(host)) : NONE;
    for (const findings of [kept, added]) {
      if (used + findings.length > PORTION) {
        await writer.write(bytesOf(buffer.subarray(0, used)));
        used = 0;
      }
      if (findings.length > PORTION) await writer.write(bytesOf(findings));
      else {
        buffer.set(findings, used);
        used += findings.length;
      }
    }
  }
  await writer.write(bytesOf(buffer.subarray(0, used)));
}

const NONE = new Float64Array(0);

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
