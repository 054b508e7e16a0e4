/** What every source of findings gives, and the conversion takes: hosts, their findings, and what is known of QIDs. */
import type { Finding } from './finding-list.ts';

/** One host. Texts are as the source has them, decoded; empty where it has none. */
export interface Host {
  readonly ip: string;
  /** An IPv6 address in place of `ip`. */
  readonly ip6: string;
  readonly dns: string;
  readonly netbios: string;
  readonly operatingSystem: string;
  /** Why there is no host in its place; undefined: there is one. */
  readonly error?: string | undefined;
  readonly findingCount: number;
  /** In portions, in the source's order. Read before the next host is asked for. */
  readonly findings: Iterable<readonly Finding[]>;
}

/** What is known of one QID. */
export interface GlossaryEntry {
  readonly qid: number;
  /** 1 to 5; undefined where the source does not say. */
  readonly severity: number | undefined;
  readonly title: string;
  /** HTML. */
  readonly threat: string;
  readonly cves: readonly string[];
  readonly bugtraqs: readonly string[];
}

/** All that a source gave, read to its end and found whole. */
export interface Records {
  /** Names it in the log, e.g. `the report "Nightly" generated 2026-01-15T06:00:00Z`. */
  readonly title: string;
  /** The same for programs that read the log. */
  readonly titleFields: Readonly<Record<string, string | number>>;
  readonly hostCount: number;
  readonly findingCount: number;
  /** Those of `findingCount` that the hosts do not have, as their Qualys Detection Score is too low. */
  readonly belowScore?: number;
  /** Bytes that were not valid text, replaced by `?`. */
  readonly invalidBytes: number;
  /** In the source's order; can be read once. */
  hosts(): Iterable<Host>;
  /** Frees what the hosts are kept in. */
  close(): void;
}

/** What the conversion wants of a source. */
export interface Wanted {
  /** Whether the names and operating systems of hosts are wanted: most of them differ, so that each costs a parse. */
  readonly hostDetails: boolean;
  /** Called for every QID that the source knows; nothing of it is kept there. */
  readonly glossaryEntry: (entry: GlossaryEntry) => void;
}
