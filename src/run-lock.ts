import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';

const failure = failures(ExitCode.alreadyRunning);

/** Held while a run goes on. The kernel frees it when the process ends, however it ends. */
export interface RunLock {
  release(): void;
}

/** How often a holder that is gone at once, and yet the address taken, is believed: it is no run of ours. */
const MOST_TRIES = 10;
/** Milliseconds between these. */
const PAUSE = 50;

interface Holder {
  readonly pid: number;
  readonly since: string;
}

/**
 * Takes the lock of a job, e.g. `10.10.10.10:8307, template 424242`. The lock is a Unix socket that the holder
 * listens on: whoever connects is told who holds it, and sees the connection end when the holder does.
 * @param wait seconds to wait for another run to end; undefined: do not
 * @throws AlreadyRunningError; the signal's reason
 */
export async function acquireRunLock(
  job: string,
  wait: number | undefined,
  signal: AbortSignal,
): Promise<RunLock> {
  const address = lockAddress(job);
  const waited = AbortSignal.timeout((wait ?? 0) * 1000);
  for (let tries = 1; ; tries++) {
    const lock = await listen(address);
    if (lock) return lock;
    const holder = await askHolder(
      address,
      wait === undefined ? undefined : AbortSignal.any([signal, waited]),
    );
    signal.throwIfAborted();
    const stillThere = holder !== 'gone' || tries >= MOST_TRIES;
    if (stillThere && (wait === undefined || waited.aborted)) {
      throw new AlreadyRunningError(job, holder === 'gone' ? undefined : holder);
    }
    // Nobody answers: a killed run's file (macOS), or it has just ended.
    if (holder === 'gone') {
      if (!address.startsWith('\0')) rmSync(address, { force: true });
      if (tries > 1) await setTimeout(PAUSE, undefined, { signal });
    }
  }
}

/** Linux: an abstract socket, which leaves no file. Elsewhere a socket file in the temporary directory. */
function lockAddress(job: string): string {
  // Not userInfo(), which throws for a user without a name, as containers have.
  const uid = process.getuid?.() ?? '';
  const name = `qualys-connector-${uid}-${createHash('sha256').update(job).digest('hex').slice(0, 24)}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

/** @returns undefined when the address is taken */
async function listen(address: string): Promise<RunLock | undefined> {
  const holder: Holder = { pid: process.pid, since: new Date().toString().slice(0, 24) };
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
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
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
 * Asks who holds the lock and, with a signal, waits until the holder ends or the signal is aborted.
 * @returns `gone` when nobody listens, or the holder has ended meanwhile
 */
async function askHolder(
  address: string,
  until: AbortSignal | undefined,
): Promise<Holder | 'gone' | undefined> {
  const visitor = connect(address);
  try {
    await once(visitor, 'connect');
    const [line] = (await once(visitor, 'data', { signal: AbortSignal.timeout(2000) })) as [Buffer];
    const holder = asHolder(JSON.parse(line.toString()));
    if (!until || until.aborted) return holder;
    const ended = await Promise.race([
      once(visitor, 'close').then(() => true),
      once(until, 'abort').then(() => false),
    ]);
    return ended ? 'gone' : holder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET') return 'gone';
    return undefined;
  } finally {
    visitor.destroy();
  }
}

/** Anybody on this host can listen there and say what he likes. */
function asHolder(said: unknown): Holder | undefined {
  const { pid, since } = Object(said) as Partial<Record<keyof Holder, unknown>>;
  return Number.isSafeInteger(pid) && typeof since === 'string'
    ? { pid: Number(pid), since: since.slice(0, 24) }
    : undefined;
}

/** Another run for the same server and templates is going on. */
export const AlreadyRunningError = failure(
  'QC7001',
  (job: string, holder: { readonly pid: number; readonly since: string } | undefined) => {
    const who = holder ? `process ${holder.pid} since ${holder.since}` : 'another process';
    return [`Another run for ${job} is going on: ${who}.`, 'Let it end, or wait for it with -wait=SECONDS.'];
  },
);
