import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { acquireRunLock } from '../src/run-lock.ts';

const never = new AbortController().signal;
const job = (): string => `a job of the test, ${process.pid}, ${Math.random()}`;

/** A child that holds the lock until it is killed. */
async function holder(name: string): Promise<{ pid: number; kill: () => Promise<void> }> {
  const module = new URL('../src/run-lock.js', import.meta.url).href;
  const script = `const { acquireRunLock } = await import(${JSON.stringify(module)});
    await acquireRunLock(${JSON.stringify(name)}, undefined, new AbortController().signal);
    console.log('held'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a second run is told which process holds the lock since when', async () => {
  const name = job();
  const other = await holder(name);
  try {
    await assert.rejects(acquireRunLock(name, undefined, never), (error: Error & { exitCode: number }) => {
      assert.match(error.message, new RegExp(`is going on: process ${other.pid} since \\w{3} \\w{3} \\d\\d`));
      assert.equal(error.exitCode, 4);
      return true;
    });
  } finally {
    await other.kill();
  }
});

test('another job is not held up', async () => {
  const lock = await acquireRunLock(job(), undefined, never);
  const other = await acquireRunLock(job(), undefined, never);
  lock.release();
  other.release();
});

test('a killed run leaves no lock behind', async () => {
  const name = job();
  await (await holder(name)).kill();
  (await acquireRunLock(name, undefined, never)).release();
});

test('a released lock can be taken again by the same process', async () => {
  const name = job();
  (await acquireRunLock(name, undefined, never)).release();
  (await acquireRunLock(name, undefined, never)).release();
});

test('a run that waits goes on as soon as the other one ends', async () => {
  const name = job();
  const other = await holder(name);
  const waiting = acquireRunLock(name, 60, never);
  await other.kill();
  (await waiting).release();
});

test('a run that waits goes on as soon as the other one releases its lock', async () => {
  const name = job();
  const first = await acquireRunLock(name, undefined, never);
  const waiting = acquireRunLock(name, 60, never);
  setImmediate(() => {
    first.release();
  });
  (await waiting).release();
});

test('waiting has an end', async () => {
  const name = job();
  const first = await acquireRunLock(name, undefined, never);
  await assert.rejects(acquireRunLock(name, 0, never), { code: 'QC7001' });
  first.release();
});

test('a run that waits can be interrupted', async () => {
  const name = job();
  const first = await acquireRunLock(name, undefined, never);
  const interrupt = new AbortController();
  const waiting = acquireRunLock(name, 60, interrupt.signal);
  setImmediate(() => {
    interrupt.abort(new Error('interrupted'));
  });
  await assert.rejects(waiting, /interrupted/);
  first.release();
});

const SQUATTERS: Readonly<Record<string, (visitor: Socket) => unknown>> = {
  'says that it is gone': (visitor) => visitor.write('"gone"\n'),
  'says nothing of use': (visitor) => visitor.write('null\n'),
  'says too much': (visitor) => visitor.write('{"pid":"1","since":{}}\n'),
};

for (const [what, answer] of Object.entries(SQUATTERS)) {
  test(
    `a stranger on the lock who ${what} does not keep a run busy for ever`,
    { skip: process.platform === 'linux' ? false : 'abstract sockets are of Linux' },
    async (t) => {
      const name = job();
      const hash = createHash('sha256').update(name).digest('hex').slice(0, 24);
      const stranger = createServer((visitor) => answer(visitor.on('error', () => undefined)));
      stranger.listen(`\0qualys-connector-${process.getuid?.() ?? ''}-${hash}`);
      t.after(() => stranger.close());
      await once(stranger, 'listening');
      await assert.rejects(acquireRunLock(name, undefined, never), /going on: another process\./);
    },
  );
}
