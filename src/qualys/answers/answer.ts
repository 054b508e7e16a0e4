import { oneLine } from '../../text/one-line.ts';
import { readDocumentStart } from '../../xml/document-start.ts';
import { type Fault, findFault } from '../../xml/fault.ts';
import { descendants, textOf, type XmlNode } from '../../xml/node.ts';
import { parseRoot } from '../../xml/parse.ts';
import type { QualysResponse } from '../connection/call.ts';

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
  /** A header by its lower-case name, as it came. */
  header(name: string): string | undefined;
  /** Foreign text made fit for a message: nothing that was sent as a secret, one line, cut to a length. */
  shown(text: string, length: number): string;
}

/** Characters of the beginning in which the root element stands, or a page's title, or an error that is not well-formed. */
const BEGINNING = 65_536;

/** Reads an answer's text. Never throws: a document that cannot be parsed has an empty tree. */
export function readAnswer(
  { status, header, veil }: Pick<QualysResponse, 'status' | 'header' | 'veil'>,
  text: string,
): Answer {
  const shown = (foreign: string, length: number): string => oneLine(veil(foreign), length);
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
    fault: root === undefined ? undefined : findFault(document, beginning, veil),
    items: readItems(document),
    excerpt: shown(kind === 'html' ? htmlWords(beginning) : beginning, 120),
    header,
    shown,
  };
}

/** No regular expression, which a root's name may be too long for. */
function isClosed(text: string, root: string): boolean {
  return [`</${root}`, `<${root}/>`, `<${root} />`].some((end) => text.includes(end));
}

function readItems(document: XmlNode): Map<string, string> {
  const items = descendants(document, 'ITEM');
  return new Map(items.map((item) => [textOf(item, 'KEY').toUpperCase(), textOf(item, 'VALUE')]));
}

function htmlWords(text: string): string {
  const title = /<title[^<>]*>([^<]*)/i.exec(text)?.[1];
  return title ?? text.replace(/<(script|style)[^]*?<\/\1>|<[^<>]*>/gi, ' ');
}
