import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { LogFileNotWritableError } from '../../src/log/errors.ts';
import { FileOutput } from '../../src/log/file-output.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { Log, LogLevel } from '../../src/log/log.ts';
import { logOptions, runChild, startChild } from './run-child.ts';
import { withoutRoot } from '../support/without-root.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const folder = await temporaryDirectory();

let files = 0;
const newFile = (): string => join(folder, `log-${(files += 1)}`);
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const now = (): Date => new Date(2025, 10, 3, 0, 0, 0);

function logAll(log: Log): void {
  log.error('test.error', 'an error');
  log.warning('test.warning', 'a warning');
  log.info('test.info', 'what is done');
  log.debug('test.debug', 'a detail');
}

suite('log file', () => {
  test("lines have the Perl connector's form", async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, now }));
    logAll(log);
    await log.close();
    assert.deepEqual(linesOf(logfile), [
      'Mon Nov  3 00:00:00 2025 [ERROR] an error',
      'Mon Nov  3 00:00:00 2025 [WARNING] a warning',
      'Mon Nov  3 00:00:00 2025 [INFO] what is done',
    ]);
  });

  test('with -utc its times are ISO 8601 with their zone', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, utc: true, now: () => new Date('2025-11-03T00:00:00.5Z') }));
    log.info('test.info', 'what is done');
    await log.close();
    assert.deepEqual(linesOf(logfile), ['2025-11-03T00:00:00.500Z [INFO] what is done']);
  });

  test('each level holds what is as grave or graver', async () => {
    for (const level of [0, 1, 2, 3] as const satisfies LogLevel[]) {
      const logfile = newFile();
      const log = openLog(logOptions({ logfile, level }));
      assert.equal(log.level, level);
      logAll(log);
      await log.close();
      assert.equal(linesOf(logfile).length, level + 1);
    }
  });

  test("at level 3 each line ends in the caller's TypeScript file and line", async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, level: 3 }));
    log.debug('test.here', 'a detail');
    log.labelled('template 424242').info('test.there', 'what is done');
    await log.close();
    const source = readFileSync(new URL('../../../test/log/open-log.test.ts', import.meta.url), 'utf8').split(
      '\n',
    );
    const lineOf = (event: string): number => source.findIndex((line) => line.includes(`('${event}'`)) + 1;
    assert.deepEqual(
      linesOf(logfile).map((line) => line.slice(25)),
      [
        `[DEBUG] a detail [test/log/open-log.test.ts,${lineOf('test.here')}]`,
        `[INFO] template 424242: what is done [test/log/open-log.test.ts,${lineOf('test.there')}]`,
      ],
    );
  });

  test('what others wrote cannot forge a line or reach the terminal', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, now }));
    log.info(
      'test.info',
      'no\nMon Nov  3 00:00:00 2025 [INFO] forged\r\u001b[2Jgone\u0085\u2028\u202eback\ttab',
    );
    await log.close();
    assert.deepEqual(linesOf(logfile), [
      'Mon Nov  3 00:00:00 2025 [INFO] no\\nMon Nov  3 00:00:00 2025 [INFO] forged\\r\\x1b[2Jgone\\x85\\u2028\\u202eback\ttab',
    ]);
  });

  test('is appended to, in folders made for it, readable for owner and group only', async () => {
    const logfile = join(newFile(), 'a', 'b.log');
    for (const text of ['first run', 'second run']) {
      const log = openLog(logOptions({ logfile }));
      log.info('test.info', text);
      await log.close();
    }
    assert.equal(linesOf(logfile).length, 2);
    assert.equal(statSync(logfile).mode & 0o777 & ~0o640, 0);
  });

  test('one that cannot be opened is an error before any work', async () => {
    const refused = { code: 'QC1101' };
    assert.throws(() => openLog(logOptions({ logfile: folder })), refused);
    const file = newFile();
    writeFileSync(file, '');
    assert.throws(() => openLog(logOptions({ logfile: join(file, 'below.log') })), LogFileNotWritableError);
    chmodSync(file, 0o400);
    await withoutRoot(() => {
      assert.throws(() => openLog(logOptions({ logfile: file })), refused);
    });
  });

  test('as JSON each line is a record with event, fields and ISO time', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, logformat: 'json', now }));
    log.warning('report.slow', 'It takes\nlong.', { seconds: 60, state: 'Running' });
    log.labelled('424242').info('report.complete', 'Done.');
    await log.close();
    const [first, second] = linesOf(logfile).map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      { ...first, hostname: '', pid: 0 },
      {
        level: 'warning',
        time: now().toISOString(),
        pid: 0,
        hostname: '',
        event: 'report.slow',
        seconds: 60,
        state: 'Running',
        msg: 'It takes\nlong.',
      },
    );
    assert.equal(second?.label, '424242');
    assert.equal(second.msg, 'Done.');
  });

  test('JSON too holds nothing that moves a cursor or turns the direction of writing', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile, logformat: 'json', now }));
    const hostile = 'a\u009b2Jb\u202ec\u2028d\u001be\u007f"\\';
    log.info('report.read', hostile, { template: hostile });
    await log.close();
    const [line = ''] = linesOf(logfile);
    assert.match(line, /^[ -~]+$/);
    assert.equal((JSON.parse(line) as { msg: string }).msg, hostile);
  });

  test('rename and SIGHUP, as logrotate does it, lose no line', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile }));
    for (const word of ['one', 'two', 'three', 'four']) {
      log.info('test.line', word);
      if (word === 'one') renameSync(logfile, `${logfile}.1`);
      if (word === 'two') {
        const heard = once(process, 'SIGHUP');
        process.kill(process.pid, 'SIGHUP');
        // Nothing else keeps the process going until then.
        const waiting = setInterval(() => undefined, 1_000);
        await heard;
        clearInterval(waiting);
      }
    }
    await log.close();
    const texts = (file: string): string[] => linesOf(file).map((line) => line.split('] ')[1] ?? '');
    assert.deepEqual(texts(`${logfile}.1`), ['one', 'two']);
    assert.deepEqual(texts(logfile), ['three', 'four']);
  });

  test('SIGHUP when the file cannot be opened again keeps the one that is open, and says so', async () => {
    const place = newFile();
    const child = startChild(logOptions({ logfile: join(place, 'run.log') }));
    let stderr = '';
    child.process.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await child.heard('ready');
    renameSync(place, `${place}.moved`);
    writeFileSync(place, 'in the way of the folder');
    child.process.kill('SIGHUP');
    await child.heard('reopened');
    child.process.stdin.end('one\n');
    await once(child.process, 'close');
    assert.match(
      stderr,
      /\[WARNING\] The log file .* cannot be opened again \(.*\): the log goes on in the file that was open\./,
    );
    assert.match(readFileSync(join(`${place}.moved`, 'run.log'), 'utf8'), /\[INFO\] one\n$/);
  });

  for (const end of ['exit', 'throw', 'SIGKILL'] as const) {
    test(`no line is lost when the process ends by ${end}; what must be seen is on standard error too`, () => {
      const logfile = newFile();
      const { stderr } = runChild({ log: logOptions({ logfile }), lines: 500, aside: 'It failed.', end });
      assert.match(stderr, end === 'throw' ? /^It failed\.\n/ : /^It failed\.\n$/);
      const lines = linesOf(logfile);
      assert.equal(lines.length, 500);
      assert.ok(lines.at(-1)?.endsWith('[INFO] line 500'));
    });
  }

  test('a full disk is told on standard error, where the lines go then', (context) => {
    if (!statSync('/dev/full', { throwIfNoEntry: false })) {
      context.skip('there is no /dev/full here');
      return;
    }
    const { stderr, status } = runChild({
      log: logOptions({ logfile: '/dev/full' }),
      lines: 2,
      end: 'close',
    });
    assert.match(
      stderr,
      /^.*\[WARNING\] The log file \/dev\/full cannot be written \(the disk is full \(ENOSPC\).*\n.*line 1\n.*line 2\n$/,
    );
    assert.equal(status, 0);
  });
});

/** The numbers of the lines that a child logged. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/\[INFO\] \.*line (\d+)\n/g)].map(([, number]) => Number(number));
}

/** Lines of that many characters: together more than what waits in memory for the disk. */
const [MANY, WIDE] = [3_000, 400];

suite('a log file on a full disk', () => {
  test('loses no line however many there are, and ends the run as ever', (context) => {
    if (!statSync('/dev/full', { throwIfNoEntry: false })) {
      context.skip('there is no /dev/full here');
      return;
    }
    const log = logOptions({ logfile: '/dev/full' });
    const { stderr, status } = runChild({ log, lines: MANY, wide: WIDE, end: 'close' });
    assert.equal(numbersIn(stderr).length, MANY);
    assert.equal(stderr.match(/\[WARNING\]/g)?.length, 1);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(status, 0);
  });

  test('that fills up in the middle: each line is in the file or on standard error', (context) => {
    const disk = newFile();
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0) {
      context.skip('this user may not mount a file system');
      return;
    }
    try {
      const logfile = join(disk, 'run.log');
      const { stderr, status } = runChild({
        log: logOptions({ logfile }),
        lines: MANY,
        wide: WIDE,
        end: 'close',
      });
      assert.equal(status, 0);
      const inFile = numbersIn(readFileSync(logfile, 'utf8'));
      assert.ok(inFile.length > 100);
      assert.equal(new Set([...inFile, ...numbersIn(stderr)]).size, MANY);
      assert.match(stderr, /cannot be written \(the disk is full \(ENOSPC\)\)/);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('is given up at a rotation without a word too many', async () => {
    const troubles: string[] = [];
    const rescue = {
      trouble: (_event: string, sentence: string) => troubles.push(sentence),
      line: () => undefined,
    };
    const output = new FileOutput('/dev/full', rescue);
    output.write({ level: 2, whole: 'one', bare: 'one' });
    output.reopen?.();
    output.write({ level: 2, whole: 'two', bare: 'two' });
    await output.close();
    assert.equal(troubles.length, 1);
  });
});

suite('where the log goes', () => {
  test('standard output, when nothing else is chosen, and nothing of it to standard error', () => {
    const { stdout, stderr } = runChild({ log: logOptions(), lines: 2, aside: 'It failed.', end: 'close' });
    assert.match(stdout, /^.*\[INFO\] line 1\n.*\[INFO\] line 2\n$/);
    assert.equal(stderr, '');
  });

  test('a destination that is chosen replaces standard output; several may be; what must be seen is there', () => {
    const logfile = newFile();
    const log = logOptions({ logfile, stderr: true });
    const { stdout, stderr } = runChild({ log, lines: 2, aside: 'It failed.', end: 'close' });
    assert.equal(stdout, '');
    assert.match(stderr, /^.*line 1\n.*line 2\n$/);
    assert.equal(linesOf(logfile).length, 2);
  });

  test('standard output that is closed, as by head, does not end the run', async () => {
    const child = startChild(logOptions());
    await child.heard('ready');
    child.process.stdout.destroy();
    let stderr = '';
    child.process.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.process.stdin.end('one\n');
    await once(child.process, 'close');
    assert.match(stderr, /\[WARNING\] Standard output was closed by its reader.*\n.*\[INFO\] one\n/);
  });

  test('what is logged after the end goes to standard error', async () => {
    const logfile = newFile();
    const log = openLog(logOptions({ logfile }));
    await log.close();
    await log.close();
    assert.equal(readFileSync(logfile, 'utf8'), '');
  });
});
