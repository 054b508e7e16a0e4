/** What a conversion saw and did: nothing is dropped without being counted here. */
export interface ConversionCounts {
  hosts: {
    /** HOST elements in the report. */
    inReport: number;
    /** Hosts that got a unit. */
    converted: number;
    skipped: { noFindings: number; invalidAddress: number; error: number };
    /** Addresses that came again: their later units merge. */
    repeated: number;
  };
  findings: {
    inReport: number;
    converted: number;
    leftOut: { type: number; fixed: number; severity: number; duplicate: number; invalid: number };
  };
  /** Distinct QIDs that the glossary lacks. */
  qidsWithoutGlossary: number;
  /** Characters that could not be written as printable ASCII, and bytes that were not valid text. */
  charactersDropped: number;
  invalidBytes: number;
}

export function emptyConversionCounts(): ConversionCounts {
  return {
    hosts: {
      inReport: 0,
      converted: 0,
      skipped: { noFindings: 0, invalidAddress: 0, error: 0 },
      repeated: 0,
    },
    findings: {
      inReport: 0,
      converted: 0,
      leftOut: { type: 0, fixed: 0, severity: 0, duplicate: 0, invalid: 0 },
    },
    qidsWithoutGlossary: 0,
    charactersDropped: 0,
    invalidBytes: 0,
  };
}
