import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';

const failure = failures(ExitCode.failed);

/** The folder of -state cannot be used. */
export const StateFolderError = failure('QC6101', (directory: string, cause: unknown) => [
  `What the Management Center has acknowledged cannot be kept in ${directory}: ${systemReason(cause)}.`,
  'Make room or permission there, or name another folder with -state.',
  { cause },
]);

/** A state file is not what this program wrote. */
export const StateDamagedError = failure('QC6102', (path: string, what: string) => [
  `The state ${path} ${what}.`,
  'It is not used, and everything is sent.',
]);

/** All is delivered, but that cannot be remembered. */
export const StateNotWrittenError = failure('QC6103', (cause: string) => [
  `What was delivered could not be remembered: ${cause}`,
  'The next run sends everything. Make room or permission there.',
]);

/** So many hosts are gone that this looks like a mistake. */
export const TooManyGoneError = failure(
  'QC6104',
  (gone: number, known: number, percent: number, limit: number) => [
    `${gone} of ${known} hosts are gone since last time: ${percent} %, and gone_limit is ${limit}. Nothing of theirs is cleared.`,
    'Look whether the template, or what chooses the hosts, is as it should be. If it is: run once with -force.',
  ],
);

/** A file of unsent commands of an earlier run, which nothing has superseded. */
export const UnsentWaitingError = failure('QC5620', (path: string, age: string, sources: string) => [
  `${path}, kept ${age} ago, is still not delivered (${sources}).`,
  'It is removed when these are delivered whole; a file of commands never is. Send it with the csv plugin (-plugininfo=FILE csv), or remove it.',
]);

/** What the list of them says is not to be relied on. */
export const UnsentListDamagedError = failure('QC5621', (path: string, reason: string) => [
  `The list of files of unsent commands ${path} cannot be used: ${reason}.`,
  'The files that it names are left alone: look for Unsent_*.csv, and remove what is delivered since.',
]);

/** What was kept or removed is not remembered. */
export const UnsentListNotWrittenError = failure('QC5622', (cause: string) => [
  `Which files of unsent commands are kept could not be remembered: ${cause}`,
  'Make room or permission there. What this run has kept is not removed by later runs.',
]);
