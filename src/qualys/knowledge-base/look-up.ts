import { removeLeftovers } from '../../files/leftovers.ts';
import { grouped } from '../../text/grouped.ts';
import type { DetectionSession } from '../detection/session.ts';
import { askKnowledgeBase } from './ask-knowledge-base.ts';
import { KnowledgeBaseKnowsNoneError } from './errors.ts';
import { cacheFile, CacheDamagedError, readCache, writeCache } from './cache-file.ts';
import { type DatedEntry, type EntryList, newEntryList } from './entries.ts';
import { ConnectorError } from '../../connector-error.ts';
import { systemReason } from '../../files/system-reason.ts';

const DAY = 86_400;
/** Days after which a QID that was unknown is asked for again: new ones are published every day. */
const UNKNOWN_DAYS = 1;
/** QIDs of which at least one is known, if all is well. */
const MANY = 50;

/**
 * What the KnowledgeBase says of these QIDs: from the cache what is not too old, the rest from Qualys.
 * @returns to be closed
 * @throws the errors of errors.ts and of the calls; a cache that cannot be used is only told
 */
export async function lookUp(
  session: DetectionSession,
  qids: ReadonlySet<number>,
  env: NodeJS.ProcessEnv,
): Promise<EntryList> {
  const entries = newEntryList();
  try {
    const cache = cacheFile(session.access, env);
    const open = fromCache(session, cache.path, qids, entries);
    const cached = entries.length;
    tellPlan(session, qids.size, open.size);
    if (open.size > 0) {
      await askKnowledgeBase(
        session,
        [...open].sort((a, b) => a - b),
        entries,
      );
      refuseEmpty(session, open.size);
      await keep(session, cache, entries, cached);
    }
    return entries;
  } catch (error) {
    entries.close();
    throw error;
  }
}

/** Adds what the cache has and is not too old. @returns the QIDs that are still open */
function fromCache(
  { access, budget, log, counts }: DetectionSession,
  path: string,
  qids: ReadonlySet<number>,
  entries: EntryList,
): ReadonlySet<number> {
  const now = budget.clock.now() / 1000;
  const open = new Set(qids);
  let missing = 0;
  try {
    for (const dated of readCache(path)) {
      if (!isFresh(dated, now, access.kbMaxAgeDays) || !open.delete(dated.qid)) continue;
      entries.add(dated);
      missing += dated.entry === undefined ? 1 : 0;
    }
  } catch (error) {
    entries.returnTo({ length: 0, bytes: 0 });
    log.warning(
      'kb.cache',
      `The cache ${path} of the KnowledgeBase is not used: ${reasonOf(error)}. It is written anew.`,
    );
    return qids;
  }
  counts.knowledgeBase.cached += entries.length - missing;
  counts.knowledgeBase.missing += missing;
  return open;
}

function isFresh({ at, entry }: DatedEntry, now: number, maxAgeDays: number): boolean {
  const age = now - at;
  const days = entry === undefined ? Math.min(UNKNOWN_DAYS, maxAgeDays) : maxAgeDays;
  // What comes from the future was written under a wrong clock.
  return age < days * DAY && age > -DAY;
}

function tellPlan({ log }: DetectionSession, qids: number, open: number): void {
  log.info(
    'kb.needed',
    `${grouped(qids)} QIDs: ${grouped(qids - open)} are in the cache, ${grouped(open)} are asked for`,
    { qids, open },
  );
}

/** Few QIDs may all be retired. @throws KnowledgeBaseKnowsNoneError */
function refuseEmpty({ counts }: DetectionSession, asked: number): void {
  const { fetched, cached } = counts.knowledgeBase;
  if (fetched === 0 && cached === 0 && asked >= MANY) throw new KnowledgeBaseKnowsNoneError(asked);
}

async function keep(
  { log, budget }: DetectionSession,
  cache: ReturnType<typeof cacheFile>,
  entries: EntryList,
  cached: number,
): Promise<void> {
  try {
    for (const sentence of await removeLeftovers(cache.directory)) log.warning('run.leftover', sentence);
    await writeCache(cache, after(cached, entries.read()), budget.clock.now() / 1000);
  } catch (error) {
    log.warning(
      'kb.cache',
      `The cache ${cache.path} of the KnowledgeBase cannot be written: ${reasonOf(error)}. The next run asks again.`,
    );
  }
}

function* after<T>(count: number, all: Iterable<T>): Generator<T> {
  let index = 0;
  for (const one of all) if (index++ >= count) yield one;
}

function reasonOf(error: unknown): string {
  if (error instanceof ConnectorError) return error.happened.replace(/\.$/, '');
  return error instanceof CacheDamagedError ? error.message : systemReason(error);
}
