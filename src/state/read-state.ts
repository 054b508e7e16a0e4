import type { Log } from '../log/log.ts';
import { StateDamagedError } from './errors.ts';
import { HostTable, MARKS } from './host-table.ts';
import type { Found, StateDirectory } from './state-directory.ts';
import { HOST_SIZE, type StateFile, type StateHeader } from './state-file.ts';

/** What was known of one source when the run began. */
export interface State {
  /** Of its file; undefined: there is none that can be used. */
  readonly header: StateHeader | undefined;
  /** Why nothing of it is sure, a clause; undefined: it is. */
  readonly unsure: string | undefined;
  readonly table: HostTable;
  /** Hosts of the table that the file has; the ones behind them are new. */
  readonly known: number;
  /** This run's number. */
  readonly sequence: number;
  /** The last run of this source that may have touched any host; 0: none. */
  readonly everything: number;
  /** Whether another source sent something of a host after this one. */
  isStale(host: number): boolean;
  /** A host's findings, as last acknowledged. They hold until the next call. */
  findings(host: number): Float64Array;
  close(): void;
}

/** Reads what is known of a source, and what others have done since. @throws StateFolderError */
export function readState(directory: StateDirectory, source: string, log: Log): State {
  const { own, others } = directory.read(source);
  const all = [own, ...others];
  const sequence = 1 + Math.max(0, ...all.map(latestOf));
  try {
    const { table, damage } = readOwn(own);
    if (damage) log.warning('changes.damaged', damage.message);
    const file = damage ? undefined : own.file;
    const known = table.length;
    const untold = othersIn(others, table, log);
    if (own.begun > 0) forget(table);
    const unsure = damage
      ? 'its state could not be used'
      : own.begun > 0
        ? 'the last run did not come to its end'
        : undefined;
    return {
      header: file?.header,
      unsure,
      table,
      known,
      sequence,
      everything: damage ? sequence : Math.max(own.begun, file?.header.everything ?? 0),
      isStale: (host) => {
        const others = Math.max(untold, table.otherSequences.get(host));
        return others > 0 && others >= table.sequences.get(host);
      },
      findings: (host) =>
        file?.findings(table.offsets.get(host), table.findings.get(host)) ?? new Float64Array(0),
      close: () => own.file?.close(),
    };
  } catch (error) {
    own.file?.close();
    throw error;
  } finally {
    for (const { file } of others) file?.close();
  }
}

function latestOf({ file, begun }: Found): number {
  return Math.max(begun, file?.header.sequence ?? 0, file?.header.everything ?? 0);
}

function readOwn({ file, damage }: Found): { table: HostTable; damage: Found['damage'] } {
  const empty = new HostTable(0);
  if (!file) return { table: empty, damage };
  try {
    const table = tableOf(file);
    file.checkFindings();
    return { table, damage: undefined };
  } catch (error) {
    if (error instanceof StateDamagedError) return { table: empty, damage: error };
    throw error;
  }
}

function tableOf(file: StateFile): HostTable {
  const table = new HostTable(file.header.hosts);
  let offset = 0;
  for (const portion of file.hosts()) {
    const records = wordsOf(portion);
    for (let at = 0; at < records.length; at += HOST_SIZE / 4) {
      const host = table.addKey(records, at);
      table.setDigest(host, records, at + 4);
      table.sequences.set(host, records[at + 8] ?? 0);
      table.findings.set(host, records[at + 9] ?? 0);
      table.units.set(host, records[at + 10] ?? 0);
      table.marks.set(host, (records[at + 11] ?? 0) & MARKS.kept);
      table.offsets.set(host, offset);
      offset += records[at + 9] ?? 0;
    }
  }
  return table;
}

/**
 * Notes which hosts others have, and when they last sent them.
 * @returns the last run of theirs that may have touched any host; 0: none
 */
function othersIn(others: readonly Found[], table: HostTable, log: Log): number {
  let untold = 0;
  for (const { file, damage, begun } of others) {
    untold = Math.max(untold, begun, file?.header.everything ?? 0);
    try {
      if (damage) throw damage;
      if (file) note(file, table);
    } catch (error) {
      if (!(error instanceof StateDamagedError)) throw error;
      log.warning('changes.damaged', error.message);
      untold = Number.MAX_SAFE_INTEGER;
    }
  }
  return untold;
}

function note(file: StateFile, table: HostTable): void {
  const { isPassing } = file.header;
  for (const portion of file.hosts()) {
    const records = wordsOf(portion);
    for (let at = 0; at < records.length; at += HOST_SIZE / 4) {
      const host = table.findKey(records, at);
      if (host < 0) continue;
      table.otherSequences.set(host, Math.max(table.otherSequences.get(host), records[at + 8] ?? 0));
      const isLive = !isPassing && ((records[at + 11] ?? 0) & (MARKS.gone | MARKS.silent)) === 0;
      if (isLive) table.set(host, MARKS.elsewhere);
    }
  }
}

function forget(table: HostTable): void {
  for (let host = 0; host < table.length; host++) table.clear(host, MARKS.valid);
}

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
