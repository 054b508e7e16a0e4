/** What the reading of the detections counts, for the summary. */
export interface DetectionCounts {
  pages: number;
  /** Calls of Qualys in all, with those that failed. */
  calls: number;
  /** Seconds waited as Qualys' limits of calls asked for. */
  limitSeconds: number;
  readonly knowledgeBase: {
    calls: number;
    /** Entries that were asked for, or held by the cache. */
    fetched: number;
    cached: number;
    /** QIDs that the KnowledgeBase does not have. */
    missing: number;
  };
}

export function noDetectionCounts(): DetectionCounts {
  const knowledgeBase = { calls: 0, fetched: 0, cached: 0, missing: 0 };
  return { pages: 0, calls: 0, limitSeconds: 0, knowledgeBase };
}
