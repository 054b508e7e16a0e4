import type { ConnectorError } from '../../connector-error.ts';
import type { GlossaryEntry } from '../../records/records.ts';
import {
  QualysApiNotAllowedError,
  QualysRequestRefusedError,
  QualysValueRefusedError,
} from '../answers/errors.ts';
import { type LongAnswer, readLong } from '../answers/read-long.ts';
import { Portion } from '../detection/portion.ts';
import type { DetectionSession } from '../detection/session.ts';
import { persist } from '../retry/persist.ts';
import { TransientError } from '../retry/transient.ts';
import { datedEntry, type EntryList } from './entries.ts';
import {
  KnowledgeBaseBrokenError,
  KnowledgeBaseNotAllowedError,
  KnowledgeBaseRefusedError,
  QidStallsError,
} from './errors.ts';
import { knowledgeBasePlan } from './knowledge-base-plan.ts';

/** QIDs of a call: clients that ask for more tell of time-outs. */
const MOST_QIDS = 250;
/** Refused QIDs that are left out; with more of them it is not the QIDs. */
const MOST_REFUSED = 10;

/**
 * Asks for these QIDs, one call after the other (the KnowledgeBase takes one at a time for a subscription). What it
 * says of each, also that it does not know it, is added to the list.
 */
export async function askKnowledgeBase(
  session: DetectionSession,
  qids: readonly number[],
  entries: EntryList,
): Promise<void> {
  const portion = new Portion(MOST_QIDS);
  const refused = new Set<number>();
  for (let done = 0; done < qids.length;) {
    const doing = `asking the KnowledgeBase for ${qids.length - done} QIDs`;
    session.doing(doing);
    const from = done;
    done += await persist(session, doing, () =>
      askForSome({ session, portion, entries, refused }, qids.slice(from, from + portion.size)),
    );
  }
}

/** What all calls of the KnowledgeBase share. */
interface Asking {
  readonly session: DetectionSession;
  readonly portion: Portion;
  readonly entries: EntryList;
  /** QIDs that Qualys does not even take as a question. */
  readonly refused: Set<number>;
}

/** One try of one call. @returns how many QIDs are done with it */
async function askForSome(asking: Asking, qids: readonly number[]): Promise<number> {
  const { session, portion, entries } = asking;
  const { counts, log, budget } = session;
  const mark = entries.mark();
  const open = new Set(qids);
  const now = Math.floor(budget.clock.now() / 1000);
  try {
    await callKnowledgeBase(session, qids, (entry) => {
      // Each once, and none that nobody asked for.
      if (open.delete(entry.qid)) entries.add(datedEntry(entry, now));
    });
  } catch (error) {
    entries.returnTo(mark);
    if (error instanceof QualysValueRefusedError) return afterRefusal(asking, qids, now, error);
    throw troubleOf(error, session, portion, qids);
  }
  for (const qid of open) entries.add({ qid, at: now });
  portion.wentWell();
  counts.knowledgeBase.fetched += qids.length - open.size;
  counts.knowledgeBase.missing += open.size;
  log.debug('kb.fetched', `The KnowledgeBase told of ${qids.length - open.size} of ${qids.length} QIDs`, {
    asked: qids.length,
    known: qids.length - open.size,
  });
  return qids.length;
}

/** One of them is refused: it is found by halves, and left out. @returns how many QIDs are done with it */
function afterRefusal(
  { session: { counts, log }, portion, entries, refused }: Asking,
  qids: readonly number[],
  now: number,
  { happened }: ConnectorError,
): number {
  const [qid = 0] = qids;
  if (qids.length > 1) {
    portion.shrink(qids.length);
    return 0;
  }
  if (refused.add(qid).size > MOST_REFUSED) throw new KnowledgeBaseRefusedError(happened);
  entries.add({ qid, at: now });
  portion.wentWell();
  counts.knowledgeBase.missing++;
  log.warning(
    'kb.refused',
    `The KnowledgeBase refuses QID ${qid}, which has no title and no CVE then. ${happened}`,
    {
      qid,
    },
  );
  return 1;
}

/** One request for these QIDs. */
export function callKnowledgeBase(
  session: DetectionSession,
  qids: readonly number[],
  take: (entry: GlossaryEntry) => void,
): Promise<LongAnswer> {
  const { access, connection, log, budget, counts, watch } = session;
  const form = { action: 'list', details: 'All', ids: qids.join(',') };
  return access.kbVersions.speak({ server: connection.server, log }, (version) => {
    counts.calls++;
    counts.knowledgeBase.calls++;
    const path = `/api/${version}/fo/knowledge_base/vuln/`;
    return readLong(
      connection,
      { method: 'POST', path, form, silence: access.responseTimeout },
      { root: 'KNOWLEDGE_BASE_VULN_LIST_OUTPUT', response: knowledgeBasePlan(take), watch, broken },
      'asking the KnowledgeBase',
      budget.signal,
    );
  });
}

function broken(what: string): TransientError {
  return new TransientError(new KnowledgeBaseBrokenError(what), { maybeDone: true, ofContents: true });
}

/** What a refusal means for the KnowledgeBase; undefined: it is none. */
export function refusalOf(error: unknown): ConnectorError | undefined {
  if (error instanceof QualysApiNotAllowedError) return new KnowledgeBaseNotAllowedError(error.happened);
  return error instanceof QualysRequestRefusedError
    ? new KnowledgeBaseRefusedError(error.happened)
    : undefined;
}

/** What to throw for it; an answer that takes too long is asked for in halves from now on. */
function troubleOf(
  error: unknown,
  { log }: DetectionSession,
  portion: Portion,
  [first = 0]: readonly number[],
): unknown {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusal;
  const alone = (trouble: ConnectorError): Error => new QidStallsError(first, trouble.happened);
  const { error: thrown, halved } = portion.failed(error, alone);
  if (halved) {
    log.info('kb.smaller', `The answer is too much at once: from now on ${portion.size} QIDs`, {
      qids: portion.size,
    });
  }
  return thrown;
}
