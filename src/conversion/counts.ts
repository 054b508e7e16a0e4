/**
 * What a conversion counts, by its names in the summary, with its words in the log: nothing is dropped without being
 * counted here. A counter is made by its entry in this table.
 */
export const COUNTERS = {
  hosts: {
    /** HOST elements. */
    inReport: 'hosts in report',
    /** Hosts that got a unit. */
    converted: 'hosts converted',
    skipped: {
      noFindings: 'nothing to import',
      invalidAddress: 'no valid address',
      error: 'error in the report',
      /** By exclude_hosts. */
      excluded: 'excluded',
    },
    /** Addresses that came again: their later units merge. */
    repeated: 'addresses repeated',
  },
  findings: {
    inReport: 'findings in report',
    converted: 'findings converted',
    /** Of those converted: the Management Center correlates by CVE alone. */
    withCve: 'findings with CVE',
    /** Of those converted, where kev_file is given. */
    knownExploited: 'known exploited',
    leftOut: {
      type: 'type',
      fixed: 'fixed',
      severity: 'severity',
      /** By only_qids and exclude_qids. */
      qid: 'QID',
      noCve: 'no CVE',
      notExploited: 'not known exploited',
      /** By exclude_hosts. */
      host: 'host excluded',
      /** Below min_qds. */
      score: 'detection score',
      duplicate: 'duplicate',
      invalid: 'invalid',
    },
  },
  /** Distinct QIDs that the glossary lacks. */
  qidsWithoutGlossary: 'QIDs without glossary',
  /** Characters that could not be written as printable ASCII. */
  charactersDropped: 'characters dropped',
  /** Bytes that were not valid text. */
  invalidBytes: 'invalid bytes',
} as const;

interface Words {
  readonly [name: string]: string | Words;
}

type Counts<Table extends Words> = {
  -readonly [Name in keyof Table]: Table[Name] extends Words ? Counts<Table[Name]> : number;
};

export type ConversionCounts = Counts<typeof COUNTERS>;

export function emptyConversionCounts(): ConversionCounts {
  return zeros(COUNTERS);
}

function zeros<Table extends Words>(table: Table): Counts<Table> {
  const counts = Object.entries(table).map(([name, words]) => [
    name,
    typeof words === 'string' ? 0 : zeros(words),
  ]);
  return Object.fromEntries(counts) as Counts<Table>;
}

/** Hosts that will have a unit, at most; undefined until the report is read. */
export function hostsToConvert({ hosts }: ConversionCounts): number | undefined {
  const skipped = Object.values(hosts.skipped).reduce((sum, count) => sum + count, 0);
  return hosts.inReport === 0 ? undefined : hosts.inReport - skipped;
}
