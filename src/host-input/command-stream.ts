/**
 * What flows from a plugin to a sink: host input commands, never the whole of them in memory.
 * Text is whole lines, each ending in LF.
 */

/** A command that holds for the rest of the connection: SetSource, SetSourceType, SetMap, SetDomain. */
export interface SessionSetting {
  readonly kind: 'setting';
  /** The line with its LF. */
  readonly text: string;
}

/**
 * A piece of one unit (all lines of one host, its ScanFlush or ScanUpdate last). Most units are one piece;
 * a host with very many findings comes in several, the last one with `ends: true`.
 */
export interface UnitPart {
  readonly kind: 'unit';
  /** The host's address, for messages. */
  readonly address: string;
  readonly text: string;
  /** How many lines of `text` are commands. */
  readonly commands: number;
  /** How many lines of `text` are findings (AddScanResult). */
  readonly findings: number;
  /** True when this piece completes its unit. */
  readonly ends: boolean;
}

export type CommandPart = SessionSetting | UnitPart;

/** Parts come in batches so that a small host costs no await of its own. */
export type CommandStream = AsyncIterable<readonly CommandPart[]>;

/** A piece of a unit is closed when its text reaches this many characters. */
export const PART_SIZE = 65_536;
