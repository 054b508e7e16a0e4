import type { Check } from '../check.ts';
import { type ConnectorError, happenedIn } from '../connector-error.ts';
import { noProgress } from '../progress.ts';
import { noDetectionCounts } from '../records/detection-counts.ts';
import type { DetectionAccess } from './access.ts';
import type { ApiVersions } from './answers/api-versions.ts';
import { quotaWords } from './answers/quota.ts';
import type { LongAnswer } from './answers/read-long.ts';
import {
  type CheckContext,
  type CheckMeans,
  checkOver,
  failed,
  reachQualys,
  step,
  versionDetail,
} from './check/steps.ts';
import type { QualysConnection } from './connection/connection.ts';
import { askForPage, noDetectedHosts, noParts, refusalOf as detectionRefusalOf } from './detection/pages.ts';
import { beginDetection, type DetectionSession } from './detection/session.ts';
import {
  callKnowledgeBase,
  refusalOf as knowledgeBaseRefusalOf,
} from './knowledge-base/ask-knowledge-base.ts';
import { cacheFile, tryCache } from './knowledge-base/cache-file.ts';

/** A QID that every KnowledgeBase has: "SSL Certificate - Subject Common Name Does Not Match Server FQDN". */
const WELL_KNOWN = 38_170;
/** Seconds for the call of either interface, however short response_timeout is. */
const LEAST_LIMIT = 60;

/**
 * Tries each step of reading the detections, but reads one host only: the way to Qualys, TLS, login, detections,
 * KnowledgeBase, calls left, the cache. Ends with the first step that fails. Throws only the signal's reason.
 */
export async function* checkDetections(
  access: DetectionAccess,
  context: CheckContext,
): AsyncGenerator<Check, void, undefined> {
  yield* checkOver(access, context, (connection, means) => checkServer(access, connection, means));
}

async function* checkServer(
  access: DetectionAccess,
  connection: QualysConnection,
  means: CheckMeans,
): AsyncGenerator<Check, void, undefined> {
  const { signal } = means;
  const host = (): Promise<LongAnswer | ConnectorError> => oneHost(access, connection, means);
  // Whether the classic call takes a token is not known: an OAuth client is tried where it is needed.
  const isEarly = access.login.kind === 'client';
  const { well, early } = yield* reachQualys(access, connection, means, isEarly ? host : undefined);
  if (!well) return;
  const page = early ?? (await host());
  yield page instanceof Error
    ? failed('Detection API', detectionRefusalOf(page) ?? page, signal)
    : apiCheck('Detection API', page, access.detectionVersions);
  if (page instanceof Error) return;
  const entry = await oneQid(access, connection, means);
  yield entry instanceof Error
    ? failed('KnowledgeBase API', knowledgeBaseRefusalOf(entry) ?? entry, signal)
    : apiCheck('KnowledgeBase API', entry, access.kbVersions);
  if (!(entry instanceof Error)) yield await cacheCheck(access, means.env);
}

function oneHost(
  access: DetectionAccess,
  connection: QualysConnection,
  means: CheckMeans,
): Promise<LongAnswer | ConnectorError> {
  const found = noDetectedHosts();
  const wanted = { ...access, hostDetails: false };
  return inSession(access, connection, means, (session) =>
    askForPage(session, noParts(found), wanted, undefined, 1),
  );
}

function oneQid(
  access: DetectionAccess,
  connection: QualysConnection,
  means: CheckMeans,
): Promise<LongAnswer | ConnectorError> {
  return inSession(access, connection, means, (session) =>
    callKnowledgeBase(session, [WELL_KNOWN], () => undefined),
  );
}

function inSession<T>(
  access: DetectionAccess,
  connection: QualysConnection,
  means: CheckMeans,
  work: (session: DetectionSession) => Promise<T>,
): Promise<T | ConnectorError> {
  const { log, clock } = means;
  const progress = noProgress;
  const counts = noDetectionCounts();
  const asking = async (limited: AbortSignal): Promise<T> => {
    const session = beginDetection({ access, connection, log, progress, counts }, clock, limited);
    try {
      return await work(session);
    } finally {
      session.budget.end();
    }
  };
  // A large account may take minutes for one host too.
  return step(connection, means, asking, Math.max(access.responseTimeout, LEAST_LIMIT));
}

function apiCheck(name: string, { header }: LongAnswer, versions: ApiVersions): Check {
  const ok = Number(header('x-ratelimit-remaining') ?? '1') !== 0;
  return { name, ok, detail: `${versionDetail(versions)}; ${quotaWords(header)}` };
}

async function cacheCheck(access: DetectionAccess, env: NodeJS.ProcessEnv): Promise<Check> {
  const name = 'KnowledgeBase cache';
  const cache = cacheFile(access, env);
  try {
    await tryCache(cache);
    return { name, ok: true, detail: `${cache.path}: can be written` };
  } catch (error) {
    // A run goes on without it, and asks for all QIDs anew.
    return {
      name,
      ok: false,
      detail: `${happenedIn(error)} Each run would ask for all QIDs anew (kb_cache).`,
    };
  }
}
