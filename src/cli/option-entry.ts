import type { OptionSpec } from './getopt.ts';

/** One option, as usage, help, manual page and completion show it. */
export interface OptionEntry extends OptionSpec {
  /** With its brackets, e.g. `<server address>`; empty for a flag. */
  readonly placeholder: string;
  /** What the usage says at the right. */
  readonly note: string;
  /** What the manual page says: whole sentences. */
  readonly help: string;
  /** What may stand after `=`, for completion. */
  readonly completes?: 'file' | 'directory' | readonly string[];
  /** Only process-multiple takes it. */
  readonly multipleOnly?: true;
  /** Accepted, but not shown. */
  readonly hidden?: true;
}

/** The defaults, in one place: the parser sets them and the help tells them. */
export const DEFAULTS = {
  plugin: 'QualysGuard',
  port: 8307,
  level: 2,
  logformat: 'text',
  retries: 5,
  connecttimeout: 10,
  handshaketimeout: 30,
  replytimeout: 300,
} as const;
