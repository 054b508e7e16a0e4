/** A report of an earlier run, still in Qualys, that took the place of a new one. */
export interface ReusedReport {
  readonly id: string;
  /** As Qualys writes it: ISO 8601, UTC. */
  readonly launched: string;
}
