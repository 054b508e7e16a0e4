import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { grouped } from '../../text/grouped.ts';

const failure = failures(ExitCode.failed);

/** The report came as a zip file that cannot be opened, or that holds no single report. */
export const ZippedReportUnreadableError = failure('QC3040', (why: string, cause?: unknown) => [
  `The report came as a zip file that cannot be used: ${why}.`,
  'Run again; if it stays so, use a template with fewer hosts and tell Qualys support.',
  { cause },
]);

/** No file can be made in the directory. */
export const SpoolDirectoryUnusableError = failure(
  'QC3051',
  (directory: string, why: string, cause?: unknown) => [
    `The report cannot be stored in ${directory}: ${why}.`,
    'Set report_dir to a directory that this user may write to.',
    { cause },
  ],
);

/** Writing the report stopped: disk full, quota, file too large. */
export const SpoolWriteFailedError = failure(
  'QC3052',
  (directory: string, bytes: number, why: string, cause?: unknown) => [
    `The report could not be written to ${directory} beyond ${bytes} bytes: ${why}. What was written is removed.`,
    'Make room, or set report_dir to a file system with more of it (a finding takes about 700 bytes).',
    { cause },
  ],
);

/** The report, plain, is larger than the configuration allows. */
export const ReportTooLargeError = failure('QC3053', (limit: number) => [
  `The report is larger than ${grouped(limit)} bytes (report_limit). What was written is removed.`,
  'Use a report template with fewer hosts, or set report_limit higher.',
]);
