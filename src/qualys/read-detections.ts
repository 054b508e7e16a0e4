import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';
import type { DetectionCounts } from '../records/detection-counts.ts';
import type { Records, Wanted } from '../records/records.ts';
import type { DetectionAccess } from './access.ts';
import { openConnection } from './connection/connection.ts';
import { type DetectedHosts, noDetectedHosts, readPages } from './detection/pages.ts';
import { beginDetection } from './detection/session.ts';
import type { EntryList } from './knowledge-base/entries.ts';
import { lookUp } from './knowledge-base/look-up.ts';

export interface DetectionContext {
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted when the run is to end early; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Whether the names and operating systems of hosts are wanted. */
  readonly hostDetails: boolean;
  /** Filled while it is read, also when that fails. */
  readonly counts: DetectionCounts;
  /** Absent: the system's. */
  readonly clock?: Clock;
  /** Absent: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** All hosts, their findings, and what the KnowledgeBase says of their QIDs. */
export interface Detections {
  /** Gives it; can be called once. */
  records(wanted: Pick<Wanted, 'glossaryEntry'>): Records;
  /** Frees what all of it is kept in. */
  close(): void;
}

/**
 * Reads all pages of the account's host detections, then what the KnowledgeBase says of the QIDs in them. Waits out
 * what may pass, up to report_timeout; ends at once on what does not. Nothing of it gets a name on disk but the cache.
 * @throws ConnectorError (QC3001 to QC3249), or the signal's reason
 */
export async function readDetections(
  access: DetectionAccess,
  context: DetectionContext,
): Promise<Detections> {
  const { log, progress, signal, hostDetails, counts, clock = systemClock, env = process.env } = context;
  signal.throwIfAborted();
  const connection = openConnection(access, { log, clock, env });
  const session = beginDetection({ access, connection, log, progress, counts }, clock, signal);
  const found = noDetectedHosts();
  try {
    await readPages(session, { ...access, hostDetails }, found);
    const entries = await lookUp(session, found.qids, env);
    return detections(found, entries, counts);
  } catch (error) {
    closeHosts(found);
    throw error;
  } finally {
    progress.end();
    session.budget.end();
    await connection.close();
  }
}

function detections(found: DetectedHosts, entries: EntryList, { pages }: DetectionCounts): Detections {
  const close = (): void => {
    closeHosts(found);
    entries.close();
  };
  return {
    records({ glossaryEntry }) {
      for (const { qid, entry } of entries.read()) if (entry) glossaryEntry({ ...entry, qid });
      entries.close();
      return records(found, pages, close);
    },
    close,
  };
}

function records(found: DetectedHosts, pages: number, close: () => void): Records {
  const { hosts, findings, belowScore, invalidBytes } = found;
  return {
    title: `the host detections, ${pages} ${pages === 1 ? 'page' : 'pages'}`,
    titleFields: { pages },
    hostCount: hosts.length,
    findingCount: findings.length + belowScore,
    belowScore,
    invalidBytes,
    hosts: () => hosts.withFindings(findings),
    close,
  };
}

function closeHosts({ hosts, findings }: DetectedHosts): void {
  hosts.close();
  findings.close();
}
