import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

const failure = failures(ExitCode.failed);

/** Where in a file: `InputPlugins/QualysGuard.yaml, line 7`. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
}

function at({ file, line }: Place): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

export const ConfigFileNotFoundError = failure('QC2001', (file: string, cause: unknown) => [
  `The configuration file ${file} does not exist.`,
  'Name yours with -plugininfo=FILE, or make one with qualys_connector -init=DIR.',
  { cause },
]);

export const ConfigFileUnreadableError = failure(
  'QC2002',
  (file: string, reason: string, cause?: unknown) => [
    `The configuration file ${file} cannot be read: ${reason}.`,
    'Check that it is a text file that this user may read.',
    { cause },
  ],
);

/** The reason is the parser's own; its snippet of the file is never shown, since it may hold the password. */
export const ConfigSyntaxError = failure('QC2003', (place: Place, reason: string) => [
  `${at(place)}: this is not valid YAML (${reason}).`,
  "Write one `key: value` a line, no tabs, and put a value with special characters in single quotes ('…', a quote inside doubled).",
]);

export const UnknownKeyError = failure('QC2004', (place: Place, key: string, nearest: string) => [
  `${at(place)}: there is no key '${key}'.`,
  `The nearest known key is '${nearest}'; docs/reference.md lists them all.`,
]);

/** `No value provided for required key` are the original's words. */
export const MissingKeyError = failure('QC2005', (place: Place, key: string, allowed: string) => [
  `No value provided for required key : ${key} (in ${at(place)}).`,
  `Write '${key}: ' and ${allowed}.`,
]);

/** `Invalid value '…' for key '…' in YAML config` are the original's words. A secret's value is not shown. */
export const InvalidValueError = failure(
  'QC2006',
  (place: Place, key: string, shown: string, allowed: string) => [
    `Invalid value ${shown} for key '${key}' in YAML config (${at(place)}).`,
    `Allowed is ${allowed}.`,
  ],
);

export const ContradictingKeysError = failure(
  'QC2007',
  (place: Place, first: string, second: string, meaning: string) => [
    `${at(place)}: '${first}' and '${second}' both say ${meaning}.`,
    'Keep one of them.',
  ],
);
