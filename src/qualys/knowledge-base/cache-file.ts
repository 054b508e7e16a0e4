import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AtomicFile, FileWriteError, tryPlace } from '../../files/atomic-file.ts';
import { makeDirectories } from '../../files/make-directories.ts';
import { errorCode } from '../../files/system-reason.ts';
import type { DetectionAccess } from '../access.ts';
import type { DatedEntry } from './entries.ts';

/*
 * The cache is one file for each account: a line that says what it is, a line of JSON for each QID, and a line with the
 * number of entries and the digest of all before it. It holds what Qualys publishes of QIDs, and nothing of the account.
 */
const FIRST_LINE = '{"format":"qualys-connector KnowledgeBase cache","version":1}\n';
const WHAT = 'The cache of the KnowledgeBase';
/** Characters of a line: two texts of 131,072 and their escapes. */
const LONGEST_LINE = 4 * 1024 * 1024;
/** Entries that are older are of no use to any setting of kb_max_age_days. */
const OLDEST_SECONDS = 366 * 86_400;

/** Why a cache is not read. */
export class CacheDamagedError extends Error {}

/** Where the cache of an account is: severities and titles can be the subscription's own. */
export function cacheFile(
  { kbCache, qualysServer, login }: DetectionAccess,
  env: NodeJS.ProcessEnv,
): { readonly directory: string; readonly path: string } {
  const account = createHash('sha256').update(`${qualysServer} ${login.name}`).digest('hex').slice(0, 16);
  const directory = kbCache ?? join(cacheHome(env), 'qualys-connector');
  return { directory, path: join(directory, `knowledge-base-${account}.jsonl`) };
}

/** By the XDG Base Directory Specification, which has relative paths ignored. */
function cacheHome({ XDG_CACHE_HOME: named = '', HOME: home }: NodeJS.ProcessEnv): string {
  return isAbsolute(named) ? named : join(home === undefined || home === '' ? homedir() : home, '.cache');
}

/**
 * The entries of a cache, which is whole only when this comes to its end; none where there is no file.
 * @throws CacheDamagedError, the system's error
 */
export function* readCache(path: string): Generator<DatedEntry> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) throw new CacheDamagedError('it is no file');
    yield* entriesIn(linesOf(file));
  } finally {
    closeSync(file);
  }
}

function* entriesIn(lines: Iterable<string>): Generator<DatedEntry> {
  const hash = createHash('sha256');
  let count = -1;
  let ended = false;
  for (const line of lines) {
    if (ended) throw new CacheDamagedError('something stands behind its end');
    const said = parsed(line);
    if (count >= 0 && 'entries' in said) {
      ended = said.entries === count && said.sha256 === hash.copy().digest('hex');
      if (!ended) throw new CacheDamagedError('its digest is another one');
    } else if (count >= 0) {
      yield entryOf(said);
    } else if (`${line}\n` !== FIRST_LINE) {
      throw new CacheDamagedError('it is of another kind');
    }
    count++;
    hash.update(`${line}\n`);
  }
  if (!ended) throw new CacheDamagedError('its end is missing');
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // As for a value of another kind.
  }
  throw new CacheDamagedError('a line is no JSON');
}

/** The digest tells whether it was this program that wrote it; who writes a right one could write all else too. */
function entryOf({ qid, at, entry }: Readonly<Record<string, unknown>>): DatedEntry {
  if (typeof qid !== 'number' || typeof at !== 'number') throw new CacheDamagedError('a line is no entry');
  return entry === undefined ? { qid, at } : { qid, at, entry: entry as DatedEntry['entry'] };
}

function* linesOf(file: number): Generator<string> {
  const buffer = Buffer.alloc(65_536);
  let rest = Buffer.alloc(0);
  for (;;) {
    const bytes = readSync(file, buffer, 0, buffer.length, null);
    if (bytes === 0) break;
    const piece = Buffer.concat([rest, buffer.subarray(0, bytes)]);
    const whole = piece.lastIndexOf(0x0a) + 1;
    rest = Buffer.from(piece.subarray(whole));
    if (rest.length > LONGEST_LINE) throw new CacheDamagedError('a line does not end');
    if (whole > 0) yield* piece.toString('utf8', 0, whole - 1).split('\n');
  }
  if (rest.length > 0) throw new CacheDamagedError('its end is missing');
}

/**
 * Writes the cache anew, whole or not at all: what it has, and what is new. Another run may do so at the same time; the
 * later one is kept.
 * @throws FileWriteError, the system's error
 */
export async function writeCache(
  { directory, path }: ReturnType<typeof cacheFile>,
  added: Iterable<DatedEntry>,
  now: number,
): Promise<void> {
  makeDirectories(directory, 0o700);
  refuseSpecialFile(path);
  const file = await AtomicFile.create(WHAT, path);
  try {
    const [hash, counted] = [createHash('sha256'), { entries: 0 }];
    const write = (line: string): Promise<void> => written(file, hash, line);
    await write(FIRST_LINE);
    const known = new Set<number>();
    for (const entry of added) {
      known.add(entry.qid);
      counted.entries++;
      await write(`${JSON.stringify(entry)}\n`);
    }
    for (const entry of kept(path)) {
      if (known.has(entry.qid) || now - entry.at > OLDEST_SECONDS) continue;
      known.add(entry.qid);
      counted.entries++;
      await write(`${JSON.stringify(entry)}\n`);
    }
    await file.write(`${JSON.stringify({ ...counted, sha256: hash.digest('hex') })}\n`);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function written(file: AtomicFile, hash: Hash, line: string): Promise<void> {
  hash.update(line);
  await file.write(line);
}

/** The entries that a whole cache has; none of a damaged one. */
function kept(path: string): Iterable<DatedEntry> {
  try {
    for (const entry of readCache(path)) if (entry.qid < 0) break;
    return readCache(path);
  } catch {
    return [];
  }
}

/** Whether the cache could be written. @throws FileWriteError, the system's error */
export async function tryCache({ directory, path }: ReturnType<typeof cacheFile>): Promise<void> {
  makeDirectories(directory, 0o700);
  refuseSpecialFile(path);
  await tryPlace(WHAT, path);
}

/** A pipe would be waited for until somebody reads it. @throws FileWriteError */
function refuseSpecialFile(path: string): void {
  if (!existsSync(path) || statSync(path).isFile()) return;
  throw new FileWriteError(WHAT, path, new CacheDamagedError('what is there is no file'));
}
