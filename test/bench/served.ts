/** What the serving process tells the measuring one. */
export interface Served {
  /** Of the Management Center. */
  readonly host: string;
  readonly port: number;
  /** Of the one that answers at once and applies nothing, at the same host. */
  readonly portAtOnce: number;
  readonly pkcs12: string;
  readonly password: string;
  /** The Qualys with few hosts. */
  readonly qualys: string;
  readonly qualysCa: string;
  /** The YAML for its detections, and for those of the Qualys with many. */
  readonly few: string;
  readonly many: string;
}

/** Hosts with detections, 40 each on average. */
export const DETECTED = { few: 12_000, many: 100_000 } as const;
