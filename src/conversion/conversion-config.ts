/** The part of the configuration that rules what becomes of a report: docs/reference.md has its fields. */
export interface ConversionConfig {
  readonly addHost: boolean;
  /** Name of the host attribute that takes the host's name / operating system. */
  readonly hostnameAttribute: string | undefined;
  readonly osAttribute: string | undefined;
  /** Lower case, without hyphens: `vuln`, `practice`, `ig`. */
  readonly findingTypes: ReadonlySet<string>;
  readonly includeFixed: boolean;
  /** 1 to 5. */
  readonly minSeverity: number;
  /** Undefined: all. */
  readonly onlyQids: Choice<number> | undefined;
  readonly excludeQids: Choice<number> | undefined;
  /** By their addresses. */
  readonly excludeHosts: Choice<string> | undefined;
  readonly withCveOnly: boolean;
  /** CVE ids that are known to be exploited; undefined: nobody told. */
  readonly knownExploited?: ReadonlySet<string> | undefined;
  readonly onlyKev: boolean;
  /** Characters; 0 for no description. */
  readonly descriptionLength: number;
  readonly mode: 'flush' | 'update';
  readonly clearCleanHosts: boolean;
  /** Days after which a report is old. */
  readonly maxReportAge: number;
  readonly domain: string | undefined;
  /** Say `SetSourceType,2` (scanner). */
  readonly sourceType: boolean;
}

interface Choice<Item> {
  has(item: Item): boolean;
}
