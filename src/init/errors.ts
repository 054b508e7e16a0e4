import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

const failure = failures(ExitCode.failed);

/** Ctrl-C at a question, or at what is done between two. */
export const QuestionsInterruptedError = failures(ExitCode.interrupted)('QC6351', () => [
  'Interrupted.',
  'Nothing was written.',
]);

/** Ctrl-D, or the terminal went away. */
export const QuestionsEndedError = failure('QC6352', () => [
  'The answers ended before the last question.',
  'Nothing was written. Without a terminal, -init asks nothing: give -server and -pkcs12 as options then.',
]);

export const WorkingDirectoryExistsError = failure('QC7401', (file: string) => [
  `${file} is there already.`,
  'It was left as it is; name another directory.',
]);
