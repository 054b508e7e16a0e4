import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';

const failure = failures(ExitCode.failed);

export const InputFilenameRequiredError = failure('QC4500', () => [
  'Input filename is required.',
  'Name the file with -plugininfo=FILE.',
]);

export const CommandFileUnreadableError = failure('QC4501', (path: string, cause: unknown) => [
  `Unable to open '${path}' for reading: ${systemReason(cause)}.`,
  'Check the path in -plugininfo=FILE and its permissions.',
  { cause },
]);

export const NotARegularFileError = failure('QC4502', (path: string) => [
  `'${path}' is not a regular file, and a command file is read twice: to check it, then to send it.`,
  'Write the commands to a file and name it with -plugininfo=FILE.',
]);

/**
 * @param problems `line 3: ...`, the first few
 * @param count of all of them
 * @param forceable false when some lines cannot be sent at all
 */
export const CommandFileRefusedError = failure(
  'QC4503',
  (path: string, problems: readonly string[], count: number, forceable: boolean) => {
    const list = problems.map((problem) => `\n  ${problem}`).join('');
    const more = count > problems.length ? `\n  (and ${count - problems.length} more)` : '';
    return [
      `The command file '${path}' has ${count} bad ${count === 1 ? 'line' : 'lines'}; nothing was sent:${list}${more}\n`,
      forceable
        ? 'Correct the file, or send it as it is with -force.'
        : 'Correct the file; a line that is too long cannot be sent, not even with -force.',
    ];
  },
);

export const CommandFileChangedError = failure('QC4504', (path: string) => [
  `The command file '${path}' was changed while it was being read.`,
  'Wait until the program that writes it is done, then run again.',
]);
