import type { LogLevel } from './log.ts';

/** One finished line of the log, without its end. */
export interface Line {
  readonly level: LogLevel;
  /** With date and level, for files and people (or the whole JSON record). */
  readonly whole: string;
  /** For the system log, which adds its own date (or the whole JSON record). */
  readonly bare: string;
}

/** Where finished lines go. */
export interface Output {
  /** Never throws: what cannot be written is told as trouble and shown elsewhere. */
  write(line: Line): void;
  /** Opens a file again under its name, after a rotation; undefined: there is nothing to open. */
  readonly reopen?: (() => void) | undefined;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Takes what an output could not write. */
export interface Rescue {
  /** Tells a person what is wrong. */
  trouble(event: string, sentence: string): void;
  /** A line that has not reached its output, or perhaps not. */
  line(line: Line): void;
}
