import type { ConnectorError } from '../connector-error.ts';
import { oneLine } from '../text/one-line.ts';
import { readDocumentStart } from '../xml/document-start.ts';
import { findFault, isReturn } from '../xml/fault.ts';
import { descendants, textOf } from '../xml/node.ts';
import { parseRoot } from '../xml/parse.ts';
import type { CutError } from '../xml/cutting/cut-error.ts';
import {
  EmptyReportError,
  MalformedReportError,
  NotXmlError,
  QualysAnswerError,
  TruncatedReportError,
  WrongDocumentError,
} from './errors.ts';

const CHOOSE_XML = 'Choose XML when you save the report in Qualys, or let the connector fetch it.';
const RUN_AS_REPORT =
  'Make a report from a template with host based findings (an automatic scan report) in XML, and give that.';

/** Documents of Qualys by their root: what they are, and what to do instead. */
const knownRoots = new Map(
  Object.entries({
    SCAN: ['the result of a single scan', RUN_AS_REPORT],
    HOST_LIST_VM_DETECTION_OUTPUT: ['a list of host detections', RUN_AS_REPORT],
    HOST_LIST_OUTPUT: ['a list of hosts', RUN_AS_REPORT],
    KNOWLEDGE_BASE_VULN_LIST_OUTPUT: ['an extract of the knowledge base', RUN_AS_REPORT],
    WAS_SCAN_REPORT: ['a report of a web application scan', RUN_AS_REPORT],
    WAS_WEBAPP_REPORT: ['a report on a web application', RUN_AS_REPORT],
    COMPLIANCE_POLICY_REPORT: ['a compliance report', RUN_AS_REPORT],
    REPORT_TEMPLATE_LIST: [
      'a list of report templates',
      'Take the template id from it, and let the connector fetch the report.',
    ],
    REPORT_LIST_OUTPUT: ['a list of reports', 'Fetch one of these reports in XML, and give that.'],
  } satisfies Record<string, readonly [what: string, whatToDo: string]>),
);

/** Explains a document in which no ASSET_DATA_REPORT begins, by its first bytes: `error` tells what came instead. */
export function wrongDocument(
  path: string,
  head: string,
  error: CutError,
  veil: (text: string) => string,
): ConnectorError {
  if (head.trim() === '' || /^[\s\0]*$/.test(head)) {
    return new EmptyReportError(path);
  }
  if (readDocumentStart(head, true).kind === 'html') {
    return new NotXmlError(
      path,
      htmlPage(head),
      'It is often a login page or the page of a proxy: see what it shows.',
    );
  }
  switch (error.reason) {
    case 'root':
      return anotherRoot(path, error.message, head, veil);
    case 'text':
      return notXml(path, head);
    case 'end':
      return new TruncatedReportError(path, error.at, 'its beginning');
    default:
      return new MalformedReportError(path, error.at, error.message);
  }
}

function htmlPage(head: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1]?.trim().replaceAll(/\s+/g, ' ').slice(0, 80);
  return title ? `an HTML page with the title "${title}"` : 'an HTML page';
}

function anotherRoot(
  path: string,
  root: string,
  head: string,
  veil: (text: string) => string,
): ConnectorError {
  const document = parseRoot(head, root);
  const fault = findFault(document, head);
  if (fault) return new QualysAnswerError(path, said(veil(`${fault.number || ''} ${fault.text}`)));
  if (isReturn(root)) {
    const [words = {}] = [...descendants(document, 'TEXT'), ...descendants(document, 'MESSAGE')];
    return new QualysAnswerError(path, said(veil(textOf(words))));
  }
  const [what, whatToDo] = knownRoots.get(root) ?? ['XML of another kind', RUN_AS_REPORT];
  return new WrongDocumentError(path, `${what} (root element ${oneLine(root, 100)})`, whatToDo);
}

function said(words: string): string {
  return `"${oneLine(words, 300) || 'no text'}".`;
}

function notXml(path: string, head: string): ConnectorError {
  const text = head.trimStart();
  if (text.startsWith('%PDF')) {
    return new NotXmlError(path, 'a PDF file', CHOOSE_XML);
  }
  if (text.startsWith('PK')) {
    return new NotXmlError(path, 'a ZIP archive (or a DOCX file)', 'Unpack it, and give the XML file in it.');
  }
  if (text.startsWith('\x1f')) {
    return new NotXmlError(path, 'a compressed file', 'Unpack it with gunzip, and give the XML file.');
  }
  const [line = ''] = text.split('\n');
  if (/^[ -~\t\r]*$/.test(line) && (line.split(',').length > 2 || line.startsWith('"'))) {
    return new NotXmlError(path, 'a CSV file', CHOOSE_XML);
  }
  return new NotXmlError(path, `other text (it begins "${printable(line)}")`, CHOOSE_XML);
}

function printable(line: string): string {
  return line
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, 60)
    .trim();
}
