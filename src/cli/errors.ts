/** What can be wrong with a command line: told before any work. */
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { oneLine } from '../text/one-line.ts';

/** A word that cannot be meant: as the original's, exit code 2. */
const failure = failures(ExitCode.failed);
/** Something is not named that is needed, or that there is not. */
const lacking = failures(ExitCode.usageOrUnreachable);

/** Getopt::Long's complaints, in its words. */
export const UnreadableArgumentsError = failure(
  'QC1001',
  (messages: readonly string[], programName: string) => [
    messages.join('; '),
    `(${programName} -help lists the options)`,
  ],
);

export const NumberOutOfRangeError = failure(
  'QC1002',
  (option: string, given: string, [lowest, highest]: readonly [number, number]) => [
    `-${option}=${given} is out of range.`,
    `Give a whole number from ${lowest} to ${highest}.`,
  ],
);

export const WordNotAllowedError = failure(
  'QC1003',
  (option: string, given: string, allowed: readonly string[]) => [
    `-${option}=${given} is not known.`,
    `Give ${allowed.join(' or ')}.`,
  ],
);

export const CannotRunOnApplianceError = failure('QC1004', () => [
  'This program does not run on the Management Center itself.',
  'Leave out -runondc=y, run it on another host and give -server=<address>.',
]);

export const ContradictoryOptionsError = failure('QC1005', (one: string, other: string, why: string) => [
  `-${one} and -${other} cannot be given together: ${why}.`,
  'Leave out one of them.',
]);

export const TooManyOperandsError = failure('QC1006', (extra: string) => [
  `Only one plugin can be named; "${extra}" is one word too many.`,
  'Write the value of an option directly after its "=".',
]);

/** @param command that takes it */
export const OptionOfOtherCommandError = failure('QC1007', (option: string, command: string) => [
  `-${option} is an option of ${command}.`,
  `Leave it out, or call ${command}.`,
]);

/** @param given empty, or the `=` of `-option = value` */
export const EmptyValueError = failure('QC1009', (option: string, given: string) => [
  `Option ${option} requires an argument`,
  given === ''
    ? '(what was given is empty).'
    : `(what was given is "${given}": write -${option}=VALUE without blanks).`,
]);

/** Told together with the usage. */
export const ServerMissingError = lacking('QC1010', () => [
  'Client Does Not Specify Server IP to Connect to.',
  'Give -server=<address> of the Management Center, or -csvfile=<file> to write the commands to a file. Nothing is set up yet? -init=<directory> asks for all that is needed.',
]);

/** -state with -csvfile reads what a Management Center has acknowledged. */
export const StateOfNoServerError = lacking('QC1025', () => [
  '-state with -csvfile needs -server.',
  'Give -server=<address> of the Management Center whose state is compared with; nothing is sent to it.',
]);

/** They have a state each. */
export const StatesOfSeveralServersError = failure('QC1043', () => [
  '-state with -csvfile compares with what one Management Center has acknowledged, and -server names several.',
  'Run once for each of them, with a -csvfile of its own.',
]);

export const ChangedWithoutStateError = lacking('QC1026', () => [
  '-changed needs -state.',
  'Give -state=<directory>, where what was acknowledged is remembered.',
]);

/** Told together with the usage. */
export const TemplateIdsMissingError = lacking('QC1011', (programName: string) => [
  'No report templates are named.',
  `Give their ids first, joined by commas without blanks: ${programName} 424242,535353 [options].`,
]);

export const BlankBetweenTemplateIdsError = failure('QC1012', (word: string) => [
  `"${word}" stands where the plugin's name goes.`,
  'Join the ids of the templates by commas without blanks, in one word.',
]);

export const TemplateIdsTwiceError = failure('QC1013', () => [
  'The ids of the templates are given twice: as the first word and by -multiinfo.',
  'Leave out one.',
]);

export const UnknownCodeError = failure('QC1021', (word: string) => [
  `There is no message with the code '${oneLine(word, 100)}'.`,
  'A code looks like QC3021 and stands in brackets at the end of a message.',
]);

export const UnknownNameError = failure('QC1022', (word: string) => [
  `There is no option and no key of the YAML with the name '${oneLine(word, 100)}'.`,
  'Leave out the name after -help to see all of them.',
]);

export const NothingToListError = failure('QC1023', (plugin: string) => [
  `The plugin ${plugin} has nothing to list.`,
  'Leave out its name: -list asks Qualys.',
]);

export const UnknownPluginError = lacking(
  'QC7301',
  (name: string, known: readonly { readonly name: string }[]) => [
    `Can Not Find the Plugin Specified: '${name}'.`,
    `There are: ${known.map((plugin) => plugin.name).join(', ')}.`,
  ],
);
