import type { Finding } from './finding-list.ts';

/** What a report's HEADER says of it, each cut to one line. */
interface ReportHeader {
  /** The report template's title. */
  readonly template: string;
  /** As Qualys writes it: 2026-01-15T06:00:00Z. */
  readonly generated: string;
}

/** One HOST. Texts are as the report has them, decoded; empty where it has none. */
export interface ReportHost {
  readonly ip: string;
  /** The attribute `v6` of IP. */
  readonly ip6: string;
  readonly dns: string;
  readonly netbios: string;
  readonly operatingSystem: string;
  /** The text of ERROR; undefined: the host has no ERROR. */
  readonly error?: string | undefined;
  readonly findingCount: number;
  /** In portions, in the report's order. Read before the next host is asked for. */
  readonly findings: Iterable<readonly Finding[]>;
}

/** One VULN_DETAILS of the glossary. */
export interface GlossaryEntry {
  readonly qid: number;
  /** 1 to 5; undefined where the report does not say. */
  readonly severity: number | undefined;
  readonly title: string;
  /** HTML. */
  readonly threat: string;
  readonly cves: readonly string[];
  readonly bugtraqs: readonly string[];
}

/** A report that was read to its end and found whole. */
export interface AssetReport {
  readonly header: ReportHeader;
  readonly hostCount: number;
  readonly findingCount: number;
  /** Bytes that were not valid text, replaced by `?`. */
  readonly invalidBytes: number;
  /** In the report's order; can be read once. */
  hosts(): Iterable<ReportHost>;
  /** Frees what the hosts are kept in. */
  close(): void;
}
