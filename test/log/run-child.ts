import {
  type ChildProcessWithoutNullStreams,
  spawn,
  spawnSync,
  type SpawnSyncReturns,
} from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LogOptions } from '../../src/log/open-log.ts';
import type { ChildTask } from './logging-child.ts';

const CHILD = fileURLToPath(new URL('logging-child.js', import.meta.url));

/** Log options for a test: standard output, level 2, text. */
export function logOptions(changes: Partial<LogOptions> = {}): LogOptions {
  return {
    level: 2,
    syslog: false,
    stderr: false,
    logfile: undefined,
    logformat: 'text',
    ident: 'QualysGuard',
    ...changes,
  };
}

export function runChild(task: ChildTask): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CHILD, JSON.stringify(task)], {
    encoding: 'utf8',
    maxBuffer: 16_777_216,
  });
}

export interface LingeringChild {
  readonly process: ChildProcessWithoutNullStreams;
  /** Resolves when the child has printed this line (in order). */
  heard(line: string): Promise<void>;
}

export function startChild(log: LogOptions): LingeringChild {
  const task: ChildTask = { log, lines: 0, end: 'linger' };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(task)]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async heard(line) {
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
        if (next.value === line) return;
      }
      throw new Error(`the child ended before it said "${line}"`);
    },
  };
}
