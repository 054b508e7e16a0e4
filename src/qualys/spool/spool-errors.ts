import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** No file can be made in the directory. */
export class SpoolDirectoryUnusable extends ConnectorError {
  constructor(directory: string, why: string, options?: ErrorOptions) {
    super(
      'QC3051',
      ExitCode.failed,
      `The report cannot be stored in ${directory}: ${why}.`,
      'Set report_dir to a directory that this user may write to.',
      options,
    );
  }
}

/** Writing the report stopped: disk full, quota, file too large. */
export class SpoolWriteFailed extends ConnectorError {
  constructor(path: string, bytes: number, why: string, options?: ErrorOptions) {
    super(
      'QC3052',
      ExitCode.failed,
      `The report could not be written to ${path} beyond ${bytes} bytes: ${why}. What was written is removed.`,
      'Make room, or set report_dir to a file system with more of it (a finding takes about 700 bytes).',
      options,
    );
  }
}
