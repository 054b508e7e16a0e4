import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Log } from '../src/log/log.ts';
import { acquireRunLock, jobOf, type LockOptions, type RunLock } from '../src/run-lock.ts';
import { makeFakeClock } from './support/fake-clock.ts';
import { recordingLog } from './support/recording-log.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const never = new AbortController().signal;

/** With what a run without -wait has, but for what is given. */
function lock(name: string, options: Partial<LockOptions> = {}): Promise<RunLock> {
  return acquireRunLock(name, { wait: undefined, signal: never, log: recordingLog(), ...options });
}

const job = (): string => `a job of the test, ${process.pid}, ${Math.random()}`;

/** A child that holds the lock until it is killed. */
async function holder(name: string): Promise<{ pid: number; kill: () => Promise<void> }> {
  const module = new URL('../src/run-lock.js', import.meta.url).href;
  const script = `const { acquireRunLock } = await import(${JSON.stringify(module)});
    await acquireRunLock(${JSON.stringify(name)}, { signal: new AbortController().signal });
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
    await assert.rejects(lock(name), (error: Error & { exitCode: number }) => {
      assert.match(
        error.message,
        new RegExp(
          `is going on: process ${other.pid} since \\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\.`,
        ),
      );
      assert.equal(error.exitCode, 4);
      return true;
    });
  } finally {
    await other.kill();
  }
});

test('a Management Center however written, and a CSV file by whatever link, are one job', async (t) => {
  const to = (server: string) =>
    jobOf({ server, port: 8307, csvfile: undefined }, ['template 2', 'template 1']);
  assert.equal(await to('FMC.example.com.'), 'fmc.example.com:8307, template 1, template 2');
  assert.notEqual(await to('fmc.example.com'), await to('fmc2.example.com'));
  for (const self of ['LOCALHOST', 'localhost.', '127.0.0.1', '::1', '[::1]', '0:0::1', '::ffff:127.0.0.1']) {
    assert.equal(await to(self), await to('localhost'));
  }
  for (const same of ['[2001:db8::1]', '2001:DB8:0::1', '2001:db8::0.0.0.1']) {
    assert.equal(await to(same), await to('2001:db8::1'));
  }
  assert.equal(await to('[fe80:0::1%eth0]'), await to('fe80::1%eth0'));
  assert.notEqual(await to('fe80::1%eth0'), await to('fe80::1%eth1'));
  assert.equal(await to('münchen.example'), await to('XN--MNCHEN-3YA.example'));
  const directory = await temporaryDirectory(t);
  await symlink('Output.csv', join(directory, 'link.csv'));
  await writeFile(join(directory, 'Output.csv'), '');
  const into = (name: string) => jobOf({ server: undefined, port: 8307, csvfile: join(directory, name) }, []);
  assert.equal(await into('link.csv'), await into('Output.csv'));
});

test('another job is not held up', async () => {
  const one = await lock(job());
  const other = await lock(job());
  one.release();
  other.release();
});

test('a killed run leaves no lock behind', async () => {
  const name = job();
  await (await holder(name)).kill();
  (await lock(name)).release();
});

test('a released lock can be taken again by the same process', async () => {
  const name = job();
  (await lock(name)).release();
  (await lock(name)).release();
});

test('a run that waits goes on as soon as the other one ends', async () => {
  const name = job();
  const other = await holder(name);
  const waiting = lock(name, { wait: 60 });
  await other.kill();
  (await waiting).release();
});

test('a run that waits goes on as soon as the other one releases its lock', async () => {
  const name = job();
  const first = await lock(name);
  const waiting = lock(name, { wait: 60 });
  setImmediate(() => {
    first.release();
  });
  (await waiting).release();
});

test('waiting has an end', async () => {
  const name = job();
  const first = await lock(name);
  await assert.rejects(lock(name, { wait: 0 }), { code: 'QC7001' });
  first.release();
});

test('a run that waits can be interrupted', async () => {
  const name = job();
  const first = await lock(name);
  const interrupt = new AbortController();
  const waiting = lock(name, { wait: 60, signal: interrupt.signal });
  setImmediate(() => {
    interrupt.abort(new Error('interrupted'));
  });
  await assert.rejects(waiting, /interrupted/);
  first.release();
});

const abstractOnly = { skip: process.platform === 'linux' ? false : 'abstract sockets are of Linux' };

/** A stranger who listens on a job's address. */
async function squatter(
  t: TestContext,
  answer: (visitor: Socket) => unknown,
): Promise<{ name: string; visits: () => number }> {
  const name = job();
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 24);
  let visits = 0;
  const stranger = createServer((visitor) => {
    visits++;
    answer(visitor.on('error', () => undefined));
  });
  stranger.listen(`\0qualys-connector-${process.getuid?.() ?? ''}-${hash}`);
  t.after(() => stranger.close());
  await once(stranger, 'listening');
  return { name, visits: () => visits };
}

const SQUATTERS: Readonly<Record<string, (visitor: Socket) => unknown>> = {
  'says that it is gone': (visitor) => visitor.write('"gone"\n'),
  'says nothing of use': (visitor) => visitor.write('null\n'),
  'says too much': (visitor) => visitor.write('{"pid":"1","since":{}}\n'),
  'talks no JSON': (visitor) => visitor.write('hello\n'),
  'hangs up without a word': (visitor) => visitor.destroy(),
  'hangs up in the middle of a word': (visitor) => visitor.end('{'),
};

for (const [what, answer] of Object.entries(SQUATTERS)) {
  test(`a stranger on the lock who ${what} counts as a run that is going on`, abstractOnly, async (t) => {
    const { name } = await squatter(t, answer);
    await assert.rejects(lock(name), { code: 'QC7001', exitCode: 4, message: /going on: another process\./ });
  });
}

test(
  'a run that waits for a stranger who always hangs up pauses between its visits',
  abstractOnly,
  async (t) => {
    const { name, visits } = await squatter(t, (visitor) => visitor.destroy());
    const clock = makeFakeClock();
    await assert.rejects(lock(name, { wait: 60, clock }), { code: 'QC7001' });
    assert.ok(visits() < 40, `${visits()} visits in a minute`);
  },
);

test('a stranger on the lock who says nothing is not waited for longer than 2 s', abstractOnly, async (t) => {
  const clock = makeFakeClock();
  const { name } = await squatter(t, () => {
    clock.advance(2_000);
  });
  await assert.rejects(lock(name, { clock }), { code: 'QC7001', message: /going on: another process\./ });
});

test('a run that waits says so, and for whom', async () => {
  const name = job();
  const first = await lock(name);
  const [log, interrupt] = [recordingLog(), new AbortController()];
  const info: Log['info'] = (event, message) => {
    log.info(event, message);
    interrupt.abort(new Error('interrupted'));
  };
  const waiting = lock(name, { wait: 60, log: { ...log, info }, signal: interrupt.signal });
  await assert.rejects(waiting, /interrupted/);
  const [said = '', ...more] = log.messages('info');
  assert.match(
    said,
    /^Waiting up to 60 s for another run for a job of the test, .*: process \d+ since \w{3} /,
  );
  assert.deepEqual(more, []);
  first.release();
});
