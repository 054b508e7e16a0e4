import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';
import { harmless } from '../text/harmless.ts';

const failure = failures(ExitCode.failed);

/** -logfile names a file that cannot be opened for appending. */
export const LogFileNotWritableError = failure('QC1101', (path: string, cause: unknown) => [
  `The log file ${harmless(path)} cannot be written: ${systemReason(cause)}.`,
  'Give -logfile a path that this user may write to.',
  { cause },
]);
