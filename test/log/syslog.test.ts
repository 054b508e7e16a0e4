import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { Line, Rescue } from '../../src/log/output.ts';
import { openLog } from '../../src/log/open-log.ts';
import { loggerOutput } from '../../src/log/syslog-output.ts';
import { findProgram } from '../../src/programs/find-program.ts';
import { holdPartialFiles } from '../../src/files/leftovers.ts';
import { portableCall, readsPriorities } from '../../src/log/syslog-logger.ts';
import { startSystemLog, type SystemLog } from './rsyslogd.ts';
import { logOptions, runChild } from './run-child.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const folder = await temporaryDirectory();
// As the command does: else another run takes the pipe to the system log for a dead one's.
await holdPartialFiles();

/** A line that never arrives must not hold up the tests for ever. */
const LIMIT = { timeout: 30_000 };

/** A real system log, or a skipped test. */
async function systemLog(context: TestContext): Promise<SystemLog | undefined> {
  const command = findProgram('logger', process.env.PATH);
  if (command === undefined || !readsPriorities(command)) {
    context.skip("util-linux's logger is not installed here");
    return undefined;
  }
  const log = await startSystemLog(context);
  if (log === undefined) context.skip('rsyslogd is not installed here');
  return log;
}

interface Rescued extends Rescue {
  readonly troubles: string[];
  readonly lines: string[];
}

function rescued(): Rescued {
  const troubles: string[] = [];
  const lines: string[] = [];
  return {
    troubles,
    lines,
    trouble: (_event, sentence) => troubles.push(sentence),
    line: ({ whole }) => lines.push(whole),
  };
}

const line = (text: string): Line => ({ level: 2, whole: `dated ${text}`, bare: text });

suite('system log', () => {
  test(
    "gets facility user, the level's severity and name, the plugin's name, our process id and no date",
    LIMIT,
    async (context) => {
      const system = await systemLog(context);
      if (system === undefined) return;
      const log = openLog(logOptions({ syslog: true, level: 3, syslogSocket: system.socket }));
      log.error('test', 'an error');
      log.warning('test', 'a warning');
      log.info('test', '<3>what is done\n<2>in two lines');
      log.debug('test', 'a detail');
      await log.close();
      await system.arrived(4);
      const pid = process.pid;
      const lines = (await system.stop()).map((text) =>
        text.replace(/ \[test\/log\/syslog\.test\.ts,\d+\]$/, ''),
      );
      assert.deepEqual(lines, [
        `user|err|QualysGuard|${pid}| [ERROR] an error`,
        `user|warning|QualysGuard|${pid}| [WARNING] a warning`,
        `user|info|QualysGuard|${pid}| [INFO] <3>what is done\\n<2>in two lines`,
        `user|debug|QualysGuard|${pid}| [DEBUG] a detail`,
      ]);
    },
  );

  test('gets a long line whole, in pieces', LIMIT, async (context) => {
    const system = await systemLog(context);
    if (system === undefined) return;
    const log = openLog(logOptions({ syslog: true, syslogSocket: system.socket }));
    const text = Array.from({ length: 1_500 }, (_, at) => `€${at}`).join(' ');
    log.info('test', text);
    await log.close();
    await system.arrived(Math.ceil(text.length / 2_000));
    const pieces = (await system.stop()).map((message) =>
      message.replace(/^user\|info\|QualysGuard\|\d+\| /, ''),
    );
    assert.ok(pieces.length > 1);
    assert.equal(pieces.join(''), `[INFO] ${text}`);
  });

  for (const end of ['exit', 'SIGKILL'] as const) {
    test(`loses no line when the process ends by ${end}`, LIMIT, async (context) => {
      const system = await systemLog(context);
      if (system === undefined) return;
      runChild({ log: logOptions({ syslog: true, syslogSocket: system.socket }), lines: 300, end });
      // logger outlives the process and hands over what it was given.
      await system.arrived(300);
      assert.equal((await system.stop()).length, 300);
    });
  }

  test('where none listens, a WARNING says so and the log goes to standard error', () => {
    const log = logOptions({ syslog: true, syslogSocket: join(folder, 'none.sock') });
    const { stdout, stderr } = runChild({ log, lines: 1, end: 'close' });
    assert.equal(stdout, '');
    assert.match(stderr, /\[WARNING\] No system log is listening here.*\n.*\[INFO\] line 1\n$/);
  });

  test('one that hangs up is told, and the lines show on standard error', async (context) => {
    const command = findProgram('logger', process.env.PATH);
    if (command === undefined || !readsPriorities(command)) {
      context.skip("util-linux's logger is not installed here");
      return;
    }
    const socket = join(folder, 'dead.sock');
    // Bound and left behind: the file is there, nobody listens.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    server.close();
    const log = logOptions({ syslog: true, syslogSocket: socket });
    const { stderr } = runChild({ log, lines: 2, end: 'close' });
    assert.match(stderr, /\[WARNING\] (The system log cannot be reached|No system log is listening)/);
    assert.match(stderr, /line 1\n.*line 2\n$/);
  });

  test('a logger that dies in between is told with its complaint; its last lines are shown', async () => {
    const rescue = rescued();
    const call = {
      command: '/bin/sh',
      args: () => ['-c', 'read first; echo "out of order" >&2; exit 3'],
      prefix: () => '',
      longest: 100,
    };
    const destination = loggerOutput(call, rescue);
    destination.write(line('one'));
    await destination.close();
    destination.write(line('two'));
    assert.equal(rescue.troubles.length, 1);
    assert.match(rescue.troubles[0] ?? '', /out of order/);
    assert.deepEqual(rescue.lines, ['dated one', 'dated two']);
  });

  test('a logger without priorities (macOS, busybox) is started once for each level', async () => {
    // No such logger runs here: a script that writes down how it is called and what it is fed.
    const command = join(folder, 'logger');
    // A file for each: two programs that append to one at the same time lose lines on some file systems.
    writeFileSync(command, `#!/bin/sh\nwhile read -r text; do echo "$* | $text" >> '${folder}'/"$4"; done\n`);
    chmodSync(command, 0o700);
    assert.equal(readsPriorities(command), false);
    const target = { ident: 'QualysGuard', pid: 42, socket: undefined };
    const rescue = rescued();
    const destination = loggerOutput(portableCall(command, target), rescue);
    destination.write(line('one'));
    destination.write({ ...line('two'), level: 0 });
    destination.write(line('three'));
    await destination.close();
    const linesOf = (priority: string): string => readFileSync(join(folder, priority), 'utf8');
    assert.equal(
      linesOf('user.info'),
      '-t QualysGuard[42] -p user.info | one\n-t QualysGuard[42] -p user.info | three\n',
    );
    assert.equal(linesOf('user.err'), '-t QualysGuard[42] -p user.err | two\n');
    assert.deepEqual(rescue.troubles, []);
  });
});
