import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

/** Where in a file: `InputPlugins/QualysGuard.yaml, line 7`. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
}

function at({ file, line }: Place): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

export class ConfigFileNotFoundError extends ConnectorError {
  constructor(file: string, cause: unknown) {
    super(
      'QC2001',
      ExitCode.failed,
      `The configuration file ${file} does not exist.`,
      'Name yours with -plugininfo=FILE, or make one with qualys_connector -init=DIR.',
      { cause },
    );
  }
}

export class ConfigFileUnreadableError extends ConnectorError {
  constructor(file: string, reason: string, cause?: unknown) {
    super(
      'QC2002',
      ExitCode.failed,
      `The configuration file ${file} cannot be read: ${reason}.`,
      'Check that it is a text file that this user may read.',
      { cause },
    );
  }
}

/** The reason is the parser's own; its snippet of the file is never shown, since it may hold the password. */
export class ConfigSyntaxError extends ConnectorError {
  constructor(place: Place, reason: string) {
    super(
      'QC2003',
      ExitCode.failed,
      `${at(place)}: this is not valid YAML (${reason}).`,
      "Write one `key: value` a line, no tabs, and put a value with special characters in single quotes ('…', a quote inside doubled).",
    );
  }
}

export class UnknownKeyError extends ConnectorError {
  constructor(place: Place, key: string, nearest: string) {
    super(
      'QC2004',
      ExitCode.failed,
      `${at(place)}: there is no key '${key}'.`,
      `The nearest known key is '${nearest}'; the README lists them all.`,
    );
  }
}

/** `No value provided for required key` are the original's words. */
export class MissingKeyError extends ConnectorError {
  constructor(place: Place, key: string, allowed: string) {
    super(
      'QC2005',
      ExitCode.failed,
      `No value provided for required key : ${key} (in ${at(place)}).`,
      `Write '${key}: ' and ${allowed}.`,
    );
  }
}

/** `Invalid value '…' for key '…' in YAML config` are the original's words. A secret's value is not shown. */
export class InvalidValueError extends ConnectorError {
  constructor(place: Place, key: string, shown: string, allowed: string) {
    super(
      'QC2006',
      ExitCode.failed,
      `Invalid value ${shown} for key '${key}' in YAML config (${at(place)}).`,
      `Allowed is ${allowed}.`,
    );
  }
}

export class ContradictingKeysError extends ConnectorError {
  constructor(place: Place, first: string, second: string, meaning: string) {
    super(
      'QC2007',
      ExitCode.failed,
      `${at(place)}: '${first}' and '${second}' both say ${meaning}.`,
      'Keep one of them.',
    );
  }
}
