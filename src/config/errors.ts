import { type ConnectorError, failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { oneLine } from '../text/one-line.ts';

const failure = failures(ExitCode.failed);

/** Characters of a word of the file in a message. */
const LONGEST_SHOWN = 100;
/** Faults that are told at once. */
export const MOST_FAULTS = 20;

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

/** @param nearest undefined where no known key is near */
export const UnknownKeyError = failure('QC2004', (place: Place, key: string, nearest: string | undefined) => [
  `${at(place)}: there is no key '${oneLine(key, LONGEST_SHOWN)}'.`,
  nearest === undefined
    ? 'qualys_connector -help lists all keys.'
    : `The nearest known key is '${nearest}'; qualys_connector -help lists them all.`,
]);

/** `No value provided for required key` are the original's words. */
export const MissingKeyError = failure(
  'QC2005',
  (place: Place, key: string, allowed: string, why?: string) => [
    `No value provided for required key : ${key} (in ${at(place)})${why === undefined ? '' : `: ${why}`}.`,
    `Write '${key}: ' and ${allowed}.`,
  ],
);

/** `Invalid value '…' for key '…' in YAML config` are the original's words. A secret's value is not shown. */
export const InvalidValueError = failure(
  'QC2006',
  (place: Place, key: string, shown: string, allowed: string) => [
    `Invalid value '${oneLine(shown, LONGEST_SHOWN)}' for key '${key}' in YAML config (${at(place)}).`,
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

export const RepeatedKeyError = failure('QC2007', (place: Place, key: string, first: number) => [
  `${at(place)}: '${key}' is in line ${first} already.`,
  'Keep one of them.',
]);

/** @param number of the entry, counted from 1 @param reason a clause after its number */
export const ServerEntryError = failure('QC2040', (place: Place, number: number, reason: string) => [
  `${at(place)}: entry ${number} of 'servers' ${oneLine(reason, 3 * LONGEST_SHOWN)}${reason.endsWith('.') ? '' : '.'}`,
  "Write '- address: HOST' and below it, as needed, port, pkcs12, password_file, fingerprint and domain.",
]);

/** Hosts are chosen where no report is launched. */
export const ScopeWithoutLaunchError = failure('QC2009', (place: Place, key: string, instead: string) => [
  `${at(place)}: '${key}' chooses hosts when a report is launched, and with ${instead} none is.`,
  `Take the key out, or run without ${instead}.`,
]);

/** What only the other source knows. */
export const KeyOfOtherSourceError = failure('QC2011', (place: Place, key: string, source: string) => [
  `${at(place)}: '${key}' means something with 'source: ${source}' only.`,
  `Take the key out, or write 'source: ${source}'.`,
]);

/** Nothing of a page of detections is kept. */
export const NothingToKeepError = failure('QC2012', (place: Place, key: string) => [
  `${at(place)}: '${key}' keeps a report, and with 'source: detection' there is none.`,
  'Take the key out.',
]);

/** No report stays that could be fetched again. */
export const NothingToReuseError = failure('QC2045', (place: Place, key: string, instead: string) => [
  `${at(place)}: '${key}' lets a report stay in Qualys for the next run, and with ${instead} there is none.`,
  `Take the key out, or run without ${instead}.`,
]);

/** Templates are of reports. */
export const TemplatesOfDetectionsError = failure('QC2013', (place: Place) => [
  `process-multiple takes the numbers of report templates, and with 'source: detection' (in ${at(place)}) there is no template.`,
  'Run qualys_connector, once for each YAML with a scope of its own.',
]);

/** What a header cannot carry. */
export const ClientSecretUnusableError = failure('QC2010', () => [
  'The secret of the OAuth client holds a control character, such as the end of a line.',
  'Give it as Qualys showed it, and nothing behind it.',
]);

/** The list of known exploited vulnerabilities. */
export const KevFileUnreadableError = failure('QC2016', (path: string, reason: string, cause: unknown) => [
  `The file ${path} of kev_file cannot be read: ${reason}.`,
  'Check its path and that this user may read it.',
  { cause },
]);

export const KevFileUnusableError = failure('QC2017', (path: string, reason: string) => [
  `The file ${path} of kev_file is no list of known exploited vulnerabilities: ${reason}.`,
  "Give CISA's catalogue as JSON, as it is downloaded, or a text with one CVE id a line.",
]);

/** What is wrong with one file, all at once. */
const SeveralFaultsError = failure('QC2008', (file: string, faults: readonly ConnectorError[]) => {
  const list = faults.slice(0, MOST_FAULTS).map(({ message }) => `\n  ${message}`);
  const more = faults.length > MOST_FAULTS ? `\n  (and ${faults.length - MOST_FAULTS} more)` : '';
  return [
    `${faults.length} things are wrong with the configuration file ${file}:${list.join('')}${more}\n`,
    'Mend them all, then run again.',
  ];
});

/** One error of all that is wrong with a file; undefined where nothing is. */
export function oneOfAll(file: string, faults: readonly ConnectorError[]): ConnectorError | undefined {
  return faults.length > 1 ? new SeveralFaultsError(file, faults) : faults[0];
}
