import { open } from 'node:fs/promises';
import type { ConnectorError } from '../connector-error.ts';
import type { CutError } from './cut-error.ts';
import { type ParsedElement, parseElement } from './parse-element.ts';
import {
  EmptyReportError,
  MalformedReportError,
  NotXmlError,
  QualysAnswerError,
  TruncatedReportError,
  WrongDocumentError,
} from './errors.ts';

const chooseXml = 'Choose XML when you save the report in Qualys, or let the connector fetch it.';
const runAsReport =
  'Make a report from a template with host based findings (an automatic scan report) in XML, and give that.';

/** Documents of Qualys by their root: what they are, and what to do instead. */
const knownRoots = new Map(
  Object.entries({
    SCAN: ['the result of a single scan', runAsReport],
    HOST_LIST_VM_DETECTION_OUTPUT: ['a list of host detections', runAsReport],
    HOST_LIST_OUTPUT: ['a list of hosts', runAsReport],
    KNOWLEDGE_BASE_VULN_LIST_OUTPUT: ['an extract of the knowledge base', runAsReport],
    WAS_SCAN_REPORT: ['a report of a web application scan', runAsReport],
    WAS_WEBAPP_REPORT: ['a report on a web application', runAsReport],
    COMPLIANCE_POLICY_REPORT: ['a compliance report', runAsReport],
    REPORT_TEMPLATE_LIST: [
      'a list of report templates',
      'Take the template id from it, and let the connector fetch the report.',
    ],
    REPORT_LIST_OUTPUT: ['a list of reports', 'Fetch one of these reports in XML, and give that.'],
  } satisfies Record<string, readonly [what: string, whatToDo: string]>),
);

/** Explains a document in which no ASSET_DATA_REPORT begins: `error` tells what came instead. */
export async function wrongDocument(path: string, error: CutError): Promise<ConnectorError> {
  const head = await beginning(path);
  if (head.trim() === '' || /^[\s\0]*$/.test(head)) {
    return new EmptyReportError(path);
  }
  if (/^\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!DOCTYPE\s+html|<html)\b/is.test(head)) {
    return new NotXmlError(
      path,
      htmlPage(head),
      'It is often a login page or the page of a proxy: see what it shows.',
    );
  }
  switch (error.reason) {
    case 'root':
      return anotherRoot(path, error.message, head);
    case 'text':
      return notXml(path, head);
    case 'end':
      return new TruncatedReportError(path, error.at, 'its beginning');
    default:
      return new MalformedReportError(path, error.at, error.message);
  }
}

async function beginning(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(65_536);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function htmlPage(head: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1]?.trim().replaceAll(/\s+/g, ' ').slice(0, 80);
  return title ? `an HTML page with the title "${title}"` : 'an HTML page';
}

function anotherRoot(path: string, root: string, head: string): ConnectorError {
  if (root === 'SIMPLE_RETURN' || root === 'GENERIC_RETURN' || /<ERROR\b/.test(head)) {
    return new QualysAnswerError(path, answerText(head));
  }
  const [what, whatToDo] = knownRoots.get(root) ?? ['XML of another kind', runAsReport];
  return new WrongDocumentError(path, `${what} (root element ${root})`, whatToDo);
}

/** The words of SIMPLE_RETURN (CODE, TEXT), GENERIC_RETURN (RETURN, MESSAGE) or an ERROR: its number and its sentence. */
function answerText(head: string): string {
  const [code] = elements(head, 'CODE');
  const [answer] = [...elements(head, 'RETURN'), ...elements(head, 'ERROR')];
  const [words] = [...elements(head, 'TEXT'), ...elements(head, 'MESSAGE')];
  const number = code?.text ?? answer?.attributes.get('number') ?? '';
  const sentence = words?.text ?? answer?.text ?? '';
  const said = `${number} ${sentence}`.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
  return `"${said === '' ? 'no text' : said}".`;
}

function elements(head: string, name: string): ParsedElement[] {
  const found = head.match(new RegExp(`<${name}\\b[^>]*>.*?</${name}\\s*>`, 'gs')) ?? [];
  return found.map((source) => {
    const bytes = Buffer.from(source);
    return parseElement(bytes, 0, bytes.length);
  });
}

function notXml(path: string, head: string): ConnectorError {
  const text = head.trimStart();
  if (text.startsWith('%PDF')) {
    return new NotXmlError(path, 'a PDF file', chooseXml);
  }
  if (text.startsWith('PK')) {
    return new NotXmlError(path, 'a ZIP archive (or a DOCX file)', 'Unpack it, and give the XML file in it.');
  }
  if (text.startsWith('\x1f')) {
    return new NotXmlError(path, 'a compressed file', 'Unpack it with gunzip, and give the XML file.');
  }
  const [line = ''] = text.split('\n');
  if (/^[ -~\t\r]*$/.test(line) && (line.split(',').length > 2 || line.startsWith('"'))) {
    return new NotXmlError(path, 'a CSV file', chooseXml);
  }
  return new NotXmlError(path, `other text (it begins "${printable(line)}")`, chooseXml);
}

function printable(line: string): string {
  return line
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, 60)
    .trim();
}
