/** The destinations of a run, each made ready for what the inputs hold; several do not wait for one that is not. */
import type { Destination } from './destination/destination.ts';
import type { CertificateSource } from './destination/open-certificate.ts';
import { openDestination } from './destination/open-destination.ts';
import type { PreparedInput } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import type { OpenLog } from './log/open-log.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { logFailure } from './outcome.ts';
import { acquireRunLock, jobOf, type RunLock, serverOf } from './run-lock.ts';
import type { Server } from './servers.ts';
import { newTransfer, type Receiver, type Transfer } from './transfer.ts';

/** One server, and what became of each input there. */
export interface ServerRun {
  readonly server: Server;
  /** One for each input. */
  readonly transfers: readonly Transfer[];
  /** Undefined: it is not ready, or not yet. */
  destination: Destination | undefined;
}

/** One without any inputs yet, or with them. */
export function serverRuns(servers: readonly Server[], inputs: readonly PreparedInput[]): ServerRun[] {
  return servers.map((server) => {
    const name = servers.length > 1 ? server.name : undefined;
    return { server, transfers: inputs.map((input) => newTransfer(input, name)), destination: undefined };
  });
}

export interface ReadyOptions {
  readonly labels: readonly string[];
  readonly source: CertificateSource;
  readonly started: Date;
  /** Seconds to wait for another run. */
  readonly wait: number | undefined;
  readonly signal: AbortSignal;
  readonly log: OpenLog;
}

/** What was made ready; to be released when the run has done with it. */
export interface Ready {
  readonly receivers: readonly Receiver[];
  /** Bytes with the LF: of the one that takes the shortest. */
  readonly maximumLine: number;
  release(): void;
}

/**
 * Makes them ready: first each one's lock is taken, then it is asked whether it is ready, then what it has acknowledged is
 * opened. One that is not ready has all of its transfers failed with the reason; where there is no other, that is thrown.
 * @param runs filled in
 */
export async function makeReady(runs: readonly ServerRun[], options: ReadyOptions): Promise<Ready> {
  const { labels, source, started, wait, signal, log } = options;
  const several = runs.length > 1;
  const logOf = ({ server }: ServerRun): Log => (several ? log.labelled(undefined, server.name) : log);
  const locks: RunLock[] = [];
  const memories = new Map<ServerRun, OpenedMemory>();
  const release = (): void => {
    for (const memory of memories.values()) memory.release();
    for (const lock of locks) lock.release();
  };
  const failed = new Set<ServerRun>();
  const each = async (all: readonly ServerRun[], work: (run: ServerRun) => Promise<void>): Promise<void> => {
    for (const run of all) {
      if (failed.has(run)) continue;
      try {
        await work(run);
      } catch (error) {
        if (!several || signal.aborted) throw error;
        failed.add(run);
        for (const transfer of run.transfers) transfer.error = error;
        logFailure(logOf(run), error);
      }
    }
  };
  // In one order for every run, so that no two wait for each other.
  const inOrder = several ? [...runs].sort(byAddress) : runs;
  try {
    await each(inOrder, async (run) => {
      const job = await jobOf(run.server.options, labels);
      locks.push(await acquireRunLock(job, { wait, signal, log: logOf(run) }));
    });
    await each(runs, async (run) => {
      run.destination = await openDestination(run.server.options, source, logOf(run), signal);
    });
    await each(inOrder, async (run) => {
      const memory = await openMemory(run.server.options, labels, started, { wait, signal, log: logOf(run) });
      if (memory) memories.set(run, memory);
    });
  } catch (error) {
    release();
    throw error;
  }
  const lengths: number[] = [];
  const receivers = runs.flatMap((run): Receiver[] => {
    const { server, transfers, destination } = run;
    if (failed.has(run) || !destination) return [];
    const memory = memories.get(run);
    lengths.push(memory?.longestLine ?? destination.maximumLine);
    return [
      {
        server: several ? server.name : undefined,
        destination,
        transfers,
        memory: memory?.memory,
        domain: server.domain,
      },
    ];
  });
  return { receivers, maximumLine: Math.min(...lengths), release };
}

function byAddress(one: ServerRun, other: ServerRun): number {
  return serverOf(one.server.options) < serverOf(other.server.options) ? -1 : 1;
}
