import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';

const failure = failures(ExitCode.failed);

export const SpillError = failure('QC4011', (directory: string, cause: unknown) => [
  `The findings, which are too many for the memory, cannot be kept in a temporary file in ${directory}: ${systemReason(cause)}.`,
  'Make room there, or set TMPDIR to a folder that has some.',
  { cause },
]);
