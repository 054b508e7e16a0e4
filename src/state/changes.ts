/** What is different from what the Management Center last acknowledged of the same source. */
export interface Changes {
  /** When the run began whose state was compared with: ISO 8601, UTC; null: there was no state. */
  readonly since: string | null;
  /** Why everything was sent, a clause; null: only what changed was. */
  readonly full: string | null;
  /** Addresses: an address that comes several times in a report is one. */
  readonly hosts: {
    readonly new: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly gone: number;
  };
  readonly findings: {
    readonly new: number;
    readonly gone: number;
    readonly newBySeverity: BySeverity;
    readonly goneBySeverity: BySeverity;
  };
  /** The first 20 of severity 5, then of 4; none where there was nothing to compare with. */
  readonly newFindings: readonly NewFinding[];
  /** The addresses of the first 20 that changed. */
  readonly changedHosts: readonly string[];
  /** The addresses of the first 20 that are gone. */
  readonly goneHosts: readonly string[];
}

/** A finding that was not there last time. */
export interface NewFinding {
  readonly address: string;
  readonly qid: number;
  /** 0: it is on none. */
  readonly port: number;
  /** `tcp`, `udp`; empty: not known. */
  readonly protocol: string;
  readonly severity: number;
}

/** `unknown`: the source does not say, as a file of commands. */
type BySeverity = Readonly<Record<Severity, number>>;

type Severity = '1' | '2' | '3' | '4' | '5' | 'unknown';
