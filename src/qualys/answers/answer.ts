import { XMLParser } from 'fast-xml-parser';
import { oneLine } from '../../text/one-line.ts';
import { readDocumentStart } from '../../xml/document-start.ts';
import { childrenNamed, descendants, textOf, type XmlNode } from '../../xml/node.ts';

/** An error as Qualys reports it, in whichever of its vocabularies. */
export interface Fault {
  readonly number: number;
  readonly text: string;
  /** As it stood in the answer, e.g. `<CODE>999</CODE> <TEXT>Internal error. …</TEXT>`. */
  readonly raw: string;
}

/** A small answer of Qualys, read whole. */
export interface Answer {
  readonly status: number;
  readonly kind: 'xml' | 'html' | 'text' | 'empty';
  /** Name of the root element, for XML. */
  readonly root: string | undefined;
  /** The root element; an empty one for what is not XML. */
  readonly document: XmlNode;
  /** Whether the closing root tag is there. */
  readonly closed: boolean;
  readonly fault: Fault | undefined;
  /** KEY to VALUE of the ITEM_LIST, keys in upper case. */
  readonly items: ReadonlyMap<string, string>;
  /** The first words of what is not XML, on one line. */
  readonly excerpt: string;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
}

/** Characters of the beginning in which the root element stands, or a page's title, or an error that is not well-formed. */
const BEGINNING = 65_536;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

/** Reads an answer's text. Never throws: a document that cannot be parsed has an empty tree. */
export function readAnswer(
  status: number,
  header: (name: string) => string | undefined,
  text: string,
): Answer {
  // Regular expressions see the beginning only: a hostile answer could keep them busy for hours.
  const beginning = text.slice(0, BEGINNING);
  const { kind, root } = readDocumentStart(beginning, true);
  const document = root === undefined ? {} : parseRoot(text, root);
  return {
    status,
    kind: kind === 'unknown' ? 'text' : kind,
    root,
    document,
    closed: root !== undefined && isClosed(text, root),
    fault: root === undefined ? undefined : (findFault(document) ?? faultByText(beginning)),
    items: readItems(document),
    excerpt: oneLine(kind === 'html' ? htmlWords(beginning) : beginning, 120),
    header,
  };
}

function parseRoot(text: string, root: string): XmlNode {
  try {
    const parsed = parser.parse(text) as XmlNode;
    return childrenNamed(parsed, root)[0] ?? {};
  } catch {
    return {};
  }
}

function isClosed(text: string, root: string): boolean {
  return text.includes(`</${root}`) || new RegExp(`<${root}\\s*/>`).test(text);
}

/** SIMPLE_RETURN and its like: a CODE of digits. GENERIC_RETURN: a RETURN that FAILED. Any root: an ERROR with number. */
function findFault(document: XmlNode): Fault | undefined {
  for (const response of childrenNamed(document, 'RESPONSE')) {
    const code = textOf(response, 'CODE');
    const text = textOf(response, 'TEXT');
    // A success sentence may stand in CODE (observed with templates).
    if (/^\d+$/.test(code)) {
      return fault(code, text, `<CODE>${code}</CODE> <TEXT>${oneLine(text, 500)}</TEXT>`);
    }
  }
  for (const failed of descendants(document, 'RETURN')) {
    const number = textOf(failed, '@number');
    const text =
      textOf(failed, '#text') ||
      descendants(document, 'MESSAGE')
        .map((message) => textOf(message, '#text'))
        .join(' ');
    if (textOf(failed, '@status') !== 'SUCCESS' && /^\d+$/.test(number)) {
      return fault(number, text, `<RETURN status="FAILED" number="${number}">${oneLine(text, 500)}</RETURN>`);
    }
  }
  for (const failed of childrenNamed(document, 'ERROR')) {
    const number = textOf(failed, '@number') || '0';
    const text = textOf(failed, '#text');
    return fault(number, text, `<ERROR number="${number}">${oneLine(text, 500)}</ERROR>`);
  }
  return undefined;
}

/** For answers that are not well-formed, as one that Qualys itself printed: what can still be recognised. */
function faultByText(text: string): Fault | undefined {
  const found =
    /<RETURN[^<>]{0,999}?number\s*=\s*"(\d+)"[^<>]{0,999}>([^<]*)/.exec(text) ??
    /<CODE>\s*(\d+)\s*<\/CODE>\s*<TEXT>([^<]*)/.exec(text);
  const [, number, words] = found ?? [];
  if (number === undefined || /<RETURN[^<>]{0,999}?status\s*=\s*"SUCCESS"/.test(text)) return undefined;
  return fault(number, words ?? '', oneLine(found?.[0] ?? '', 500));
}

function fault(number: string, text: string, raw: string): Fault {
  return { number: Number(number), text: oneLine(text, 500), raw };
}

function readItems(document: XmlNode): Map<string, string> {
  const items = descendants(document, 'ITEM');
  return new Map(items.map((item) => [textOf(item, 'KEY').toUpperCase(), textOf(item, 'VALUE')]));
}

function htmlWords(text: string): string {
  const title = /<title[^<>]*>([^<]*)/i.exec(text)?.[1];
  return title ?? text.replace(/<(script|style)[^]*?<\/\1>|<[^<>]*>/gi, ' ');
}
