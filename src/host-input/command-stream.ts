/**
 * What flows from a plugin to a destination: host input commands, never the whole of them in memory.
 * Text is whole lines, each ending in LF.
 */

/** A command that holds for the rest of the connection: SetSource, SetSourceType, SetMap, SetDomain. */
export interface SessionSetting {
  readonly kind: 'setting';
  /** The line with its LF. */
  readonly text: string;
  readonly encoding?: Encoding;
}

/** How a text's characters become bytes: UTF-8 where nothing is said; Latin-1, of bytes that are no UTF-8 (-force). */
type Encoding = 'utf8' | 'latin1';

/**
 * A piece of one unit (all lines of one host, its ScanFlush or ScanUpdate last). Most units are one piece;
 * a host with very many findings comes in several, the last one with `ends: true`.
 */
export interface UnitPart {
  readonly kind: 'unit';
  /** The host's address. */
  readonly address: string;
  /** Where details are asked for, with a unit's first part: what the source calls the host; empty where it has no name. */
  readonly host?: HostDetail;
  /** Where details are asked for: what the findings of this part's lines are, in their order. */
  readonly details?: readonly FindingDetail[];
  readonly text: string;
  readonly encoding?: Encoding;
  /** How many lines of `text` are commands. */
  readonly commands: number;
  /** How many lines of `text` are findings (AddScanResult). */
  readonly findings: number;
  /** True when this piece completes its unit. */
  readonly ends: boolean;
  /** The unit before it was of the same host, which is counted once. */
  readonly sameHost?: boolean;
}

/** Texts are as the source has them: foreign, of any length. */
export interface HostDetail {
  readonly name: string;
  readonly operatingSystem: string;
}

/** A finding for those that look at what is sent, and do not only carry it. */
export interface FindingDetail {
  readonly qid: number;
  /** 0 for none. */
  readonly port: number;
  readonly protocol: '' | 'tcp' | 'udp';
  /** `vuln` (confirmed), `practice` (potential), `ig` (information). */
  readonly type: string;
  /** 1 to 5; undefined where the source does not say. */
  readonly severity: number | undefined;
  /** On one line, cut short. */
  readonly title: string;
  readonly hasCve: boolean;
  /** What stands behind its port and protocol, the same for all hosts: title, description and ids. */
  readonly lineEnd?: string | undefined;
}

export type CommandPart = SessionSetting | UnitPart;

/** Parts come in batches so that a small host costs no await of its own. */
export type CommandStream = AsyncIterable<readonly CommandPart[]>;

/** A piece of a unit is closed when its text reaches this many characters. */
export const PART_SIZE = 65_536;

/** How much of a stream something holds. */
export interface Tally {
  /** Hosts. */
  readonly units: number;
  readonly commands: number;
  readonly findings: number;
  readonly bytes: number;
}

export const NOTHING: Tally = { units: 0, commands: 0, findings: 0, bytes: 0 };

export function plus(a: Tally, b: Tally): Tally {
  return {
    units: a.units + b.units,
    commands: a.commands + b.commands,
    findings: a.findings + b.findings,
    bytes: a.bytes + b.bytes,
  };
}

export function bytesOf({ text, encoding }: CommandPart): Buffer {
  return Buffer.from(text, encoding);
}

/** A unit is counted with its last part. @param bytes of its text */
export function tallyOf(part: CommandPart, bytes: number): Tally {
  if (part.kind === 'setting') return { ...NOTHING, commands: 1, bytes };
  const units = part.ends && part.sameHost !== true ? 1 : 0;
  return { units, commands: part.commands, findings: part.findings, bytes };
}

/** Why a host of the input gets no unit: the configuration keeps it out, or there is nothing to say of it. */
type SilenceReason = 'excluded' | 'nothing';

/** Told the address of each host of the input that gets no unit, and why. */
export type OnSilentHost = (address: string, reason: SilenceReason) => void;
