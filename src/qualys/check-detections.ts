import type { Check } from '../check.ts';
import { systemClock, withinTime } from '../clock.ts';
import { type ConnectorError, happenedIn } from '../connector-error.ts';
import { noProgress } from '../progress.ts';
import type { DetectionAccess } from './access.ts';
import type { ApiVersions } from './answers/api-versions.ts';
import { ask } from './answers/ask.ts';
import { quotaWords } from './answers/quota.ts';
import type { LongAnswer } from './answers/read-long.ts';
import {
  ABOUT,
  attempt,
  type CheckContext,
  type CheckMeans,
  failed,
  late,
  STEP_LIMIT,
  tokenSteps,
  versionDetail,
  waySteps,
} from './check/steps.ts';
import { openConnection, type QualysConnection } from './connection/connection.ts';
import { askForPage, noDetectedHosts, noParts, refusalOf as detectionRefusalOf } from './detection/pages.ts';
import { beginDetection, type DetectionSession } from './detection/session.ts';
import {
  callKnowledgeBase,
  refusalOf as knowledgeBaseRefusalOf,
} from './knowledge-base/ask-knowledge-base.ts';
import { cacheFile, tryCache } from './knowledge-base/cache-file.ts';

/** A QID that every KnowledgeBase has: "SSL Certificate - Subject Common Name Does Not Match Server FQDN". */
const WELL_KNOWN = 38_170;

/**
 * Tries each step of reading the detections, but reads one host only: the way to Qualys, TLS, login, detections,
 * KnowledgeBase, calls left, the cache. Ends with the first step that fails. Throws only the signal's reason.
 */
export async function* checkDetections(
  access: DetectionAccess,
  context: CheckContext,
): AsyncGenerator<Check, void, undefined> {
  const { log, signal, clock = systemClock, env = process.env } = context;
  let connection: QualysConnection | undefined;
  try {
    connection = openConnection(access, { log, clock, env });
    const well = yield* checkServer(access, connection, { log, clock, signal });
    if (well) yield await cacheCheck(access, env);
  } catch (error) {
    // Only what is wrong before anything is sent comes here; the steps tell of themselves.
    yield failed('Qualys settings', error, signal);
  } finally {
    await connection?.close();
  }
}

async function* checkServer(
  access: DetectionAccess,
  connection: QualysConnection,
  means: CheckMeans,
): AsyncGenerator<Check, boolean, undefined> {
  const { signal } = means;
  const isClient = access.login.kind === 'client';
  if (isClient && !(yield* tokenSteps(access, connection, means))) return false;
  // Whether the classic call takes a token is not known: an OAuth client is tried where it is needed.
  const early = isClient ? await oneHost(access, connection, means) : undefined;
  const first = early ?? (await login(connection, means));
  yield* waySteps(access, connection, first instanceof Error ? first : undefined, means);
  if (first instanceof Error) return false;
  const page = early ?? (await oneHost(access, connection, means));
  yield page instanceof Error
    ? failed('Detection API', detectionRefusalOf(page) ?? page, signal)
    : apiCheck('Detection API', page, access.detectionVersions);
  if (page instanceof Error) return false;
  const entry = await oneQid(access, connection, means);
  yield entry instanceof Error
    ? failed('KnowledgeBase API', knowledgeBaseRefusalOf(entry) ?? entry, signal)
    : apiCheck('KnowledgeBase API', entry, access.kbVersions);
  return !(entry instanceof Error);
}

async function login(connection: QualysConnection, means: CheckMeans): Promise<unknown> {
  return step(connection, means, (limited) => ask(connection, ABOUT, ['ABOUT'], 'logging in', limited));
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
  return step(connection, means, async (limited) => {
    const session = beginDetection({ access, connection, log, progress }, clock, limited);
    try {
      return await work(session);
    } finally {
      session.budget.end();
    }
  });
}

function step<T>(
  { server }: QualysConnection,
  { clock, signal }: CheckMeans,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T | ConnectorError> {
  const limit = { seconds: STEP_LIMIT, signal, late: () => late(server), clock };
  return attempt(withinTime(limit, work), signal);
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
