/** What -state remembers, opened for a run and kept from others. */
import { realPath } from './files/real-path.ts';
import type { Options } from './options.ts';
import { acquireRunLock, type LockOptions, serverOf } from './run-lock.ts';
import type { RunMemory } from './state/run-memory.ts';

export interface OpenedMemory {
  readonly memory: RunMemory;
  /** With -csvfile: the longest line, in bytes, that commands were made for when they were acknowledged. */
  readonly longestLine: number | undefined;
  readonly release: () => void;
}

/**
 * With -state what was acknowledged: runs to one Management Center that remember it in one folder go one after the other.
 * With -csvfile it is only read, and lines are made as they were for the Management Center.
 * @param sources the labels of the inputs
 * @returns undefined without -state
 * @throws the errors of acquireRunLock and of the state
 */
export async function openMemory(
  { state: path, csvfile, changed, force, server, port }: Options,
  sources: readonly string[],
  started: Date,
  waiting: LockOptions,
): Promise<OpenedMemory | undefined> {
  if (path === undefined) return undefined;
  const { openRunMemory } = await import('./state/run-memory.ts');
  const name = serverOf({ server, port });
  const writes = csvfile === undefined ? 'there' : sources.length > 1 ? 'copied' : 'nowhere';
  const job = `${name} with -state=${await realPath(path)}`;
  const lock = csvfile === undefined ? await acquireRunLock(job, waiting) : undefined;
  const memory = openRunMemory({ path, server: name, writes, changed, force, started });
  return {
    memory,
    longestLine: lock ? undefined : memory.longestLine(sources),
    release: () => {
      memory.tellUnsent(waiting.log);
      memory.close();
      lock?.release();
    },
  };
}
