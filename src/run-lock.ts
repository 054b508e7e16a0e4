import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import { type Clock, systemClock } from './clock.ts';
import { failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import { realPath } from './files/real-path.ts';
import { socketAddress } from './files/socket-address.ts';
import { errorCode } from './files/system-reason.ts';
import { ctime } from './log/log-line.ts';
import type { Log } from './log/log.ts';
import type { Options } from './options.ts';

/** Held while a run goes on. The kernel frees it when the process ends, however it ends. */
export interface RunLock {
  release(): void;
}

export interface LockOptions {
  /** Seconds to wait for another run to end; undefined: do not. */
  readonly wait: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock?: Clock;
}

/** Visits to a holder that is gone each time, and yet the address taken: after these it counts as a run. */
const MOST_VISITS = 6;
/** Milliseconds between two visits, from the third on; each time twice as long, up to the second. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [50, 2_000];
/** Milliseconds that a holder has to say who it is. */
const VISIT = 2_000;

interface Holder {
  readonly pid: number;
  readonly since: string;
}

/** How a visit ended: nobody listens there; whoever did has ended; or somebody goes on, who may have said who. */
type Found = 'nobody' | 'ended' | { readonly holder: Holder | undefined };

/**
 * What two runs must not do at the same time, however its destination is written.
 * @param inputs what they read, in any order
 */
export async function jobOf(
  { csvfile, server = '', port }: Pick<Options, 'csvfile' | 'server' | 'port'>,
  inputs: readonly string[],
): Promise<string> {
  const destination = csvfile === undefined ? serverOf({ server, port }) : await realPath(csvfile);
  return `${destination}, ${[...inputs].sort().join(', ')}`;
}

/** host:port of a Management Center, however it is written. */
export function serverOf({ server = '', port }: Pick<Options, 'server' | 'port'>): string {
  return `${hostOf(server)}:${port}`;
}

/** A name in ASCII, an IPv6 address in brackets and in its shortest form; this very host is `localhost`. */
function hostOf(server: string): string {
  const [address = '', ...zone] = server.replace(/^\[(.*)\]$/, '$1').split('%');
  const host = isIPv6(address)
    ? [new URL(`http://[${address}]`).hostname.slice(1, -1), ...zone].join('%')
    : (domainToASCII(server) || server).toLowerCase().replace(/\.$/, '');
  if (host === '127.0.0.1' || host === '::1' || host === '::ffff:7f00:1') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * Takes the lock of a job, e.g. `10.10.10.10:8307, template 424242`. The lock is a Unix socket that the holder
 * listens on: whoever connects is told who holds it, and sees the connection end when the holder does. Anybody on
 * this host can listen there; who says nothing of use counts as a run.
 * @throws AlreadyRunningError; the signal's reason
 */
export async function acquireRunLock(job: string, options: LockOptions): Promise<RunLock> {
  const { wait, signal, log, clock = systemClock } = options;
  const address = lockAddress(job);
  const over = new AbortController();
  const cancel = clock.after((wait ?? 0) * 1000, () => {
    over.abort();
  });
  const patience = wait === undefined ? undefined : AbortSignal.any([signal, over.signal]);
  const tell = tellOnce(job, wait ?? 0, log);
  try {
    for (let visits = 1, pause = FIRST_PAUSE; ; visits++) {
      const lock = await listen(address);
      if (lock) return lock;
      const found = await visit(address, clock, patience, tell);
      signal.throwIfAborted();
      const goesOn = typeof found === 'object';
      if (wait === undefined ? goesOn || visits >= MOST_VISITS : over.signal.aborted) {
        throw new AlreadyRunningError(job, goesOn ? found.holder : undefined);
      }
      // A killed run leaves its file where addresses are files (macOS).
      if (found === 'nobody' && !address.startsWith('\0')) rmSync(address, { force: true });
      if (visits === 1 && !goesOn) continue;
      await clock.sleep(pause, patience ?? signal).catch(() => undefined);
      signal.throwIfAborted();
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  } finally {
    cancel();
  }
}

/** Says what is waited for, whenever that is another process than before. */
function tellOnce(job: string, wait: number, log: Log): (holder: Holder | undefined) => void {
  let told: string | undefined;
  return (holder) => {
    const who = nameOf(holder);
    if (who !== told) log.info('lock.waiting', `Waiting up to ${wait} s for another run for ${job}: ${who}`);
    told = who;
  };
}

function lockAddress(job: string): string {
  return socketAddress(createHash('sha256').update(job).digest('hex').slice(0, 24));
}

/** @returns undefined when the address is taken */
async function listen(address: string): Promise<RunLock | undefined> {
  const holder: Holder = { pid: process.pid, since: ctime(new Date()) };
  const visitors = new Set<Socket>();
  const server: Server = createServer((visitor) => {
    visitors.add(visitor.unref());
    visitor.on('error', () => visitor.destroy()).on('close', () => visitors.delete(visitor));
    visitor.write(`${JSON.stringify(holder)}\n`);
  });
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return {
    release: () => {
      server.close();
      for (const visitor of visitors) visitor.destroy();
    },
  };
}

/**
 * Asks who holds the lock, which takes 2 s at most, and with `patience` stays until the holder ends.
 * @param met is told whom it stays for
 */
async function visit(
  address: string,
  clock: Clock,
  patience: AbortSignal | undefined,
  met: (holder: Holder | undefined) => void,
): Promise<Found> {
  const visitor = connect(address);
  const closed = whenClosed(visitor);
  try {
    const answer = await Promise.race([closed, firstAnswer(visitor, clock)]);
    if (typeof answer !== 'object' || !patience || patience.aborted) return answer;
    const over = once(patience, 'abort').then(() => answer);
    met(answer.holder);
    return await Promise.race([closed, over]);
  } finally {
    visitor.destroy();
  }
}

function whenClosed(visitor: Socket): Promise<Found> {
  return new Promise((resolve) => {
    let problem = '';
    visitor.on('error', (error) => (problem = errorCode(error)));
    visitor.on('close', () => {
      if (problem === 'ECONNREFUSED' || problem === 'ENOENT') resolve('nobody');
      else if (problem === '' || problem === 'ECONNRESET' || problem === 'EPIPE') resolve('ended');
      // EAGAIN: so many visitors are waiting there that there is no room for another.
      else resolve({ holder: undefined });
    });
  });
}

/** Who the holder says it is; undefined when that is nothing of use, or nothing in time. */
function firstAnswer(visitor: Socket, clock: Clock): Promise<Found> {
  return new Promise((resolve) => {
    const cancel = clock.after(VISIT, () => {
      resolve({ holder: undefined });
    });
    visitor.once('close', cancel).once('data', (line) => {
      cancel();
      resolve({ holder: asHolder(line.toString()) });
    });
  });
}

function asHolder(said: string): Holder | undefined {
  try {
    const { pid, since } = Object(JSON.parse(said)) as Partial<Record<keyof Holder, unknown>>;
    return Number.isSafeInteger(pid) && typeof since === 'string'
      ? { pid: Number(pid), since: since.slice(0, 24) }
      : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(holder: Holder | undefined): string {
  return holder ? `process ${holder.pid} since ${holder.since}` : 'another process';
}

/** Another run for the same server and templates is going on. */
export const AlreadyRunningError = failures(ExitCode.alreadyRunning)(
  'QC7001',
  (job: string, holder: Holder | undefined) => [
    `Another run for ${job} is going on: ${nameOf(holder)}.`,
    'Let it end, or wait for it with -wait=SECONDS.',
  ],
);
