/** Whether a program could be run, for -check: nothing is run. */
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { findForbiddenProgram, findProgram } from './find-program.ts';
import type { Words } from './words.ts';

const failure = failures(ExitCode.failed);

const ProgramMissingError = failure('QC6321', (name: string, program: string) => [
  `The program ${program} of ${name} is not there.`,
  'Give its absolute path; cron looks in /usr/bin and /bin only.',
]);

const ProgramForbiddenError = failure('QC6323', (name: string, program: string, path: string) => [
  `The program ${program} of ${name} is there, but may not be run.`,
  `Make it executable: chmod +x ${path}.`,
]);

/**
 * Where a program is, in words.
 * @param name of the key or option that names it
 * @throws ProgramMissingError, ProgramForbiddenError
 */
export function checkProgram(name: string, [program]: Words): string {
  const found = findProgram(program, process.env.PATH);
  if (found !== undefined) return `${found} is there; it is not run`;
  const forbidden = findForbiddenProgram(program, process.env.PATH);
  throw forbidden === undefined
    ? new ProgramMissingError(name, program)
    : new ProgramForbiddenError(name, program, forbidden);
}
