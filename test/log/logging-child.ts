/** Logs as told by its arguments: a program for the tests to kill, rotate and hang up on. */
import { writeSync } from 'node:fs';
import { holdPartialFiles } from '../../src/files/leftovers.ts';
import { type LogOptions, openLog } from '../../src/log/open-log.ts';

export interface ChildTask {
  readonly log: LogOptions;
  readonly lines: number;
  /** Characters that stand in each line before its number. */
  readonly wide?: number;
  /** Said at the end to whoever started it. */
  readonly aside?: string;
  readonly end: 'close' | 'exit' | 'throw' | 'SIGKILL' | 'linger';
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
// As the command does: else another run takes the pipe to the system log for a dead one's.
await holdPartialFiles();
const log = openLog(task.log);

const before = '.'.repeat(task.wide ?? 0);
for (let line = 1; line <= task.lines; line += 1) log.info('test.line', `${before}line ${line}`);

if (task.aside !== undefined) log.aside(task.aside);
if (task.end === 'throw') throw new Error('crashed as asked');
if (task.end === 'exit') process.exit(7);
if (task.end === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
if (task.end === 'close') await log.close();
if (task.end === 'linger') await linger();

/** Logs a line for each line on standard input, and says so, until that ends. */
async function linger(): Promise<void> {
  writeSync(1, 'ready\n');
  process.on('SIGHUP', () => writeSync(1, 'reopened\n'));
  process.stdin.setEncoding('utf8');
  for await (const text of process.stdin) {
    for (const word of String(text).trimEnd().split('\n')) {
      log.info('test.line', word);
      writeSync(1, `logged ${word}\n`);
    }
  }
  await log.close();
}
