import { datedLine } from './log-line.ts';
import type { Rescue } from './output.ts';
import { writeAll } from './pipe.ts';

export interface RescueOptions {
  /** Whether all of the log goes to standard error anyway. */
  readonly stderr: boolean;
  readonly logformat: 'text' | 'json';
  readonly utc: boolean;
}

/** Shows on standard error what an output could not take, unless all of it is shown there anyway. */
export function rescueTo({ stderr, logformat, utc }: RescueOptions, now: () => Date): Rescue {
  return {
    trouble: (event, message) => {
      const time = now();
      const record = { level: 'warning', time: time.toISOString(), pid: process.pid, event, msg: message };
      showOnStderr(
        logformat === 'json'
          ? JSON.stringify(record)
          : datedLine({ time, level: 1, message, caller: undefined }, utc),
      );
    },
    line: (line) => {
      if (!stderr) showOnStderr(line.whole);
    },
  };
}

/** A line on standard error, which is the last place there is: when it is gone, nobody is left to tell. */
export function showOnStderr(line: string): void {
  try {
    writeAll(2, `${line}\n`);
  } catch {
    // See above.
  }
}
