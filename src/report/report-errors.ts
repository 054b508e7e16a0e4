import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { systemReason } from '../system-reason.ts';

const fetchAgain = 'Fetch the report again; where it comes from a file, export it from Qualys once more.';

/** The document is XML, but of another kind. */
export class WrongDocumentError extends ConnectorError {
  constructor(path: string, what: string, whatToDo: string) {
    super('QC4001', ExitCode.failed, `${path} is ${what}, not an ASSET_DATA_REPORT.`, whatToDo);
  }
}

/** Qualys answered with an error where the report should be. */
export class QualysAnswerError extends ConnectorError {
  constructor(path: string, answer: string) {
    super(
      'QC4002',
      ExitCode.failed,
      `${path} holds no report but an answer of Qualys: ${answer}`,
      'See what the answer asks for; the report itself was not delivered.',
    );
  }
}

/** The file is no XML at all. */
export class NotXmlError extends ConnectorError {
  constructor(path: string, what: string, whatToDo: string) {
    super('QC4003', ExitCode.failed, `${path} is ${what}, not an XML report.`, whatToDo);
  }
}

export class EmptyReportError extends ConnectorError {
  constructor(path: string) {
    super('QC4004', ExitCode.failed, `${path} is empty.`, fetchAgain);
  }
}

export class TruncatedReportError extends ConnectorError {
  constructor(path: string, bytes: number, open: string) {
    super(
      'QC4005',
      ExitCode.failed,
      `${path} ends after ${bytes} bytes, within <${open}>: the report is cut off.`,
      `Nothing of it was used. ${fetchAgain}`,
    );
  }
}

export class MalformedReportError extends ConnectorError {
  constructor(path: string, offset: number, what: string) {
    super(
      'QC4006',
      ExitCode.failed,
      `${path} is not well-formed XML at byte ${offset}: ${what}.`,
      `Nothing of it was used. ${fetchAgain}`,
    );
  }
}

export class InternalSubsetError extends ConnectorError {
  constructor(path: string) {
    super(
      'QC4007',
      ExitCode.failed,
      `${path} declares entities or elements of its own in its DOCTYPE, which no report of Qualys does.`,
      'Such declarations are never expanded. Find out who changed the file, and fetch the report again.',
    );
  }
}

export class EndlessElementError extends ConnectorError {
  constructor(path: string, offset: number, limit: number) {
    super(
      'QC4008',
      ExitCode.failed,
      `${path} has an element or tag at byte ${offset} that does not end within ${limit} bytes.`,
      fetchAgain,
    );
  }
}

export class UnknownEncodingError extends ConnectorError {
  constructor(path: string, encoding: string) {
    super(
      'QC4009',
      ExitCode.failed,
      `${path} says that it is written in "${encoding}", which is not known here.`,
      'Convert it to UTF-8 and correct its first line.',
    );
  }
}

export class UnreadableReportError extends ConnectorError {
  constructor(path: string, cause: Error) {
    super(
      'QC4010',
      ExitCode.failed,
      `The report ${path} cannot be read: ${systemReason(cause)}.`,
      'Check the path, its permissions and the disk.',
      { cause },
    );
  }
}

export class SpillError extends ConnectorError {
  constructor(directory: string, cause: Error) {
    super(
      'QC4011',
      ExitCode.failed,
      `The findings of this large report can not be kept in a temporary file in ${directory}: ${systemReason(cause)}.`,
      'Make room there, or set TMPDIR to a folder that has some.',
      { cause },
    );
  }
}

/** ASSET_DATA_REPORT with an ERROR in place of its contents. */
export class ReportIsErrorError extends ConnectorError {
  constructor(path: string, text: string) {
    super(
      'QC4012',
      ExitCode.failed,
      `${path} says that Qualys could not make the report: ${text}.`,
      'See what it asks for, check the report template in Qualys and fetch the report again.',
    );
  }
}
