/** What can be wrong with a command line: each is told before any work, with exit code 1. */
import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { harmless } from '../text/harmless.ts';

/** What can be wrong with a command line: each is told before any work, with exit code 1. */

abstract class UsageError extends ConnectorError {
  constructor(code: `QC${number}`, whatHappened: string, whatToDo: string) {
    super(code, ExitCode.usageOrUnreachable, [harmless(whatHappened), whatToDo]);
  }
}

/** Getopt::Long's complaints, in its words. */
export class UnreadableArgumentsError extends UsageError {
  constructor(messages: readonly string[], programName: string) {
    super('QC1001', messages.join('; '), `(${programName} -help lists the options)`);
  }
}

export class NumberOutOfRangeError extends UsageError {
  constructor(option: string, given: string, lowest: number, highest: number) {
    super(
      'QC1002',
      `-${option}=${given} is out of range.`,
      `Give a whole number from ${lowest} to ${highest}.`,
    );
  }
}

export class WordNotAllowedError extends UsageError {
  constructor(option: string, given: string, allowed: readonly string[]) {
    super('QC1003', `-${option}=${given} is not known.`, `Give ${allowed.join(' or ')}.`);
  }
}

export class CannotRunOnApplianceError extends UsageError {
  constructor() {
    super(
      'QC1004',
      'This program does not run on the Management Center itself.',
      'Leave out -runondc=y, run it on another host and give -server=<address>.',
    );
  }
}

export class ContradictoryOptionsError extends UsageError {
  constructor(one: string, other: string, why: string) {
    super('QC1005', `-${one} and -${other} cannot be given together: ${why}.`, 'Leave out one of them.');
  }
}

export class TooManyOperandsError extends UsageError {
  constructor(extra: string) {
    super(
      'QC1006',
      `Only one plugin can be named; "${extra}" is one word too many.`,
      'Write the value of an option directly after its "=".',
    );
  }
}

export class OptionOfProcessMultipleError extends UsageError {
  constructor(option: string) {
    super(
      'QC1007',
      `-${option} is an option of process-multiple.`,
      `Leave it out, or call process-multiple <id,id,...>.`,
    );
  }
}

export class EmptyValueError extends UsageError {
  constructor(option: string) {
    super('QC1009', `Option ${option} requires an argument`, '(what was given is empty).');
  }
}

/** Told together with the usage. */
export class ServerMissingError extends UsageError {
  constructor() {
    super(
      'QC1010',
      'Client Does Not Specify Server IP to Connect to.',
      'Give -server=<address> of the Management Center, or -csvfile=<file> to write the commands to a file.',
    );
  }
}

/** Told together with the usage. */
export class TemplateIdsMissingError extends UsageError {
  constructor(programName: string) {
    super(
      'QC1011',
      'No report templates are named.',
      `Give their ids first, joined by commas without blanks: ${programName} 424242,535353 [options].`,
    );
  }
}

export class BlankBetweenTemplateIdsError extends UsageError {
  constructor(word: string) {
    super(
      'QC1012',
      `"${word}" stands where the plugin's name goes.`,
      'Join the ids of the templates by commas without blanks, in one word.',
    );
  }
}

export class TemplateIdsTwiceError extends UsageError {
  constructor() {
    super(
      'QC1013',
      'The ids of the templates are given twice: as the first word and by -multiinfo.',
      'Leave out one.',
    );
  }
}
