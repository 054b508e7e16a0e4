/** The exit codes of every command, as docs/reference.md lists them. */
export const ExitCode = {
  /** Everything was done and acknowledged. */
  done: 0,
  /** Wrong usage, or the Management Center was not reached or not trusted. */
  usageOrUnreachable: 1,
  /** Configuration, certificate file, download or report. */
  failed: 2,
  /** Delivered, but the Management Center complained. */
  complaint: 3,
  /** Another run for the same server and templates is going on. */
  alreadyRunning: 4,
  /** Ended by SIGHUP (128 + 1). */
  hungUp: 129,
  /** Ended by SIGINT (128 + 2). */
  interrupted: 130,
  /** Ended by SIGTERM (128 + 15). */
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
