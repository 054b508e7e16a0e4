import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../system-reason.ts';
import { harmless } from './harmless.ts';

/** -logfile names a file that cannot be opened for appending. */
export class LogFileNotWritable extends ConnectorError {
  constructor(path: string, cause: unknown) {
    super(
      'QC1101',
      ExitCode.failed,
      `The log file ${harmless(path)} cannot be written: ${systemReason(cause)}.`,
      'Give -logfile a path that this user may write to.',
      { cause },
    );
  }
}
