/** The exit codes of every command, from the mildest to the gravest. */
export const ExitCode = {
  done: 0,
  complaint: 3,
  alreadyRunning: 4,
  usageOrUnreachable: 1,
  failed: 2,
  /** 128 and the signal's number, here and below. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What they mean, in the words of the manual page. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [ExitCode.done]: 'Everything was done and acknowledged.',
  [ExitCode.usageOrUnreachable]:
    'No server, templates or known plugin are named, or the Management Center was not reached or not trusted.',
  [ExitCode.failed]:
    'An option is wrong, or the configuration, the certificate file, the download or the report failed.',
  [ExitCode.complaint]:
    'Everything was delivered, but it needs a look: the Management Center complained, more hosts are gone than gone_limit, or what was acknowledged could not be remembered.',
  [ExitCode.alreadyRunning]: 'Another run for the same server and templates is going on.',
  [ExitCode.hungUp]: 'Ended by SIGHUP (without -logfile).',
  [ExitCode.interrupted]: 'Ended by SIGINT.',
  [ExitCode.terminated]: 'Ended by SIGTERM.',
};
