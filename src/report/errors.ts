import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../files/system-reason.ts';

const failure = failures(ExitCode.failed);

const FETCH_AGAIN = 'Fetch the report again; where it comes from a file, export it from Qualys once more.';

/** The document is XML, but of another kind. */
export const WrongDocumentError = failure('QC4001', (path: string, what: string, whatToDo: string) => [
  `${path} is ${what}, not an ASSET_DATA_REPORT.`,
  whatToDo,
]);

/** Qualys answered with an error where the report should be. */
export const QualysAnswerError = failure('QC4002', (path: string, answer: string) => [
  `${path} holds no report but an answer of Qualys: ${answer}`,
  'See what the answer asks for; the report itself was not delivered.',
]);

/** The file is no XML at all. */
export const NotXmlError = failure('QC4003', (path: string, what: string, whatToDo: string) => [
  `${path} is ${what}, not an XML report.`,
  whatToDo,
]);

export const EmptyReportError = failure('QC4004', (path: string) => [`${path} is empty.`, FETCH_AGAIN]);

export const TruncatedReportError = failure('QC4005', (path: string, bytes: number, open: string) => [
  `${path} ends after ${bytes} bytes, within <${open}>: the report is cut off.`,
  `Nothing of it was used. ${FETCH_AGAIN}`,
]);

export const MalformedReportError = failure('QC4006', (path: string, offset: number, what: string) => [
  `${path} is not well-formed XML at byte ${offset}: ${what}.`,
  `Nothing of it was used. ${FETCH_AGAIN}`,
]);

export const InternalSubsetError = failure('QC4007', (path: string) => [
  `${path} declares entities or elements of its own in its DOCTYPE, which no report of Qualys does.`,
  'Such declarations are never expanded. Find out who changed the file, and fetch the report again.',
]);

export const EndlessElementError = failure('QC4008', (path: string, offset: number, limit: number) => [
  `${path} has an element or tag at byte ${offset} that does not end within ${limit} bytes.`,
  FETCH_AGAIN,
]);

export const UnknownEncodingError = failure('QC4009', (path: string, encoding: string) => [
  `${path} says that it is written in "${encoding}", which is not known here.`,
  'Convert it to UTF-8 and correct its first line.',
]);

export const UnreadableReportError = failure('QC4010', (path: string, cause: Error) => [
  `The report ${path} cannot be read: ${systemReason(cause)}.`,
  'Check the path, its permissions and the disk.',
  { cause },
]);

/** ASSET_DATA_REPORT with an ERROR in place of its contents. */
export const ReportIsErrorError = failure('QC4012', (path: string, text: string) => [
  `${path} says that Qualys could not make the report: ${text}.`,
  'See what it asks for, check the report template in Qualys and fetch the report again.',
]);
