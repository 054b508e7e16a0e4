/** The calls that a fault can befall. */
export type Endpoint =
  | 'launch'
  | 'list'
  | 'fetch'
  | 'delete'
  | 'cancel'
  | 'about'
  | 'templates'
  | 'asset-data-report'
  | 'token'
  | 'detection'
  | 'knowledge-base'
  | 'groups'
  | 'tags'
  | 'other';

/** An answer, or its lack, that Qualys or the network between is known to give instead of the right one. */
export type FaultKind =
  // the network
  | 'reset'
  | 'silent'
  | 'empty'
  | 'page 200'
  | 'page 403'
  | 'page 404'
  | 'page 410'
  | 'page 502'
  | 'page 503'
  | 'page 504'
  | 'redirect'
  | 'garbled'
  // Qualys, passing
  | 'simple 999'
  | 'generic 999'
  | 'malformed 999'
  | 'simple 1960'
  | 'generic 1960'
  | 'simple 1965'
  | 'simple 1965 without header'
  | 'http 429'
  | 'simple 1981'
  | 'simple 1999'
  | 'simple 7001'
  | 'without id'
  // Qualys, lasting
  | 'simple 1901'
  | 'simple 1905'
  | 'simple 1905 with 404'
  | 'simple 2000'
  | 'simple 2001'
  | 'generic 2001'
  | 'simple 2002'
  | 'simple 2003'
  | 'simple 2007'
  | 'simple 2011'
  | 'simple 2012'
  | 'generic 5000'
  // a page of detections: what is borne, or ends the run
  | 'warning first'
  | 'two host lists'
  | 'null texts'
  | 'another order'
  | 'id_min again'
  | 'id_min missing'
  | 'malformed page'
  // the body of a report, of detections, of the KnowledgeBase
  | 'error in report root'
  | 'another document'
  | 'cut by close'
  | 'cut by end'
  | 'stalled'
  | 'trickle';

export interface PlannedFault {
  readonly at: Endpoint;
  readonly kind: FaultKind;
  /** How many calls of that endpoint it befalls; Infinity for ever. */
  readonly times: number;
  /** How many calls go well before it; default 0. */
  readonly after?: number;
  /** Whether the call has its effect all the same, only its answer is lost; default false. */
  readonly done?: boolean;
  /** What the answer says in place of Qualys' own words, for a page or a SIMPLE_RETURN. */
  readonly words?: string;
  /** For 1965: seconds to wait; default 30. */
  readonly seconds?: number;
  /** It befalls, and counts, only calls that ask for more hosts, or QIDs, than that. */
  readonly above?: number;
  /** It befalls, and counts, only calls for a page of detections with the host at that address. */
  readonly host?: string;
}

/** What of a call decides whether a fault befalls it. */
export interface FaultedCall {
  readonly at: Endpoint;
  /** Hosts of a page, QIDs of a call of the KnowledgeBase, at most. */
  readonly size: number;
  readonly hasHost: (address: string) => boolean;
}

/** Deals the planned faults out, call by call. */
export function dealFaults(plan: readonly PlannedFault[]): (call: FaultedCall) => PlannedFault | undefined {
  const seen = new Map<PlannedFault, number>();
  return (call) => {
    for (const fault of plan) {
      if (!befalls(fault, call)) continue;
      const number = seen.get(fault) ?? 0;
      seen.set(fault, number + 1);
      const begin = fault.after ?? 0;
      if (number >= begin && number < begin + fault.times) return fault;
    }
    return undefined;
  };
}

function befalls({ at, above, host }: PlannedFault, call: FaultedCall): boolean {
  return (
    at === call.at && (above === undefined || call.size > above) && (host === undefined || call.hasHost(host))
  );
}
