import { type X2jOptions, XMLParser } from 'fast-xml-parser';
import { CutError } from './cut-error.ts';

/** One element, decoded: entities and character references resolved, CDATA sections joined to the text. */
export interface ParsedElement {
  /** The element's own text, blanks at the ends removed. */
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Its parts as fast-xml-parser gives them, for elements that have children. */
  readonly node: XmlNode;
}

/** Text under `#text`, attributes under `@name`, children under their names: always lists. */
export type XmlNode = Readonly<Record<string, unknown>>;

const options: X2jOptions = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Values are text: 007 is no number.
  parseTagValue: false,
  parseAttributeValue: false,
  // Trimming would happen at each CDATA border, within the text.
  trimValues: false,
  alwaysCreateTextNode: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
};

// The decoder of references makes its tables anew for each document, which takes ten times as long as the rest.
const plainParser = new XMLParser({ ...options, processEntities: false });
const referenceParser = new XMLParser({ ...options, htmlEntities: true });

/** An element of which there is nothing to decode: the address of nearly every host. */
const plainElement = /^<(?<name>[\w.:-]+)>(?<text>[^<&\r]*)<\/\k<name>>$/;
const noAttributes: ReadonlyMap<string, string> = new Map();

/** Decodes the element whose bytes (valid UTF-8) are given, start tag to end tag. */
export function parseElement(bytes: Buffer, start: number, end: number): ParsedElement {
  const source = bytes.toString('utf8', start, end);
  const plain = plainElement.exec(source)?.groups?.text;
  if (plain !== undefined) {
    return { text: plain.trim(), attributes: noAttributes, node: { '#text': plain } };
  }
  const parser = source.includes('&') ? referenceParser : plainParser;
  const [node] = Object.values(attempt(parser, source, start)).flat();
  return { text: textOf(node), attributes: attributesOf(node ?? {}), node: node ?? {} };
}

function attempt(parser: XMLParser, source: string, start: number): Record<string, readonly XmlNode[]> {
  try {
    return parser.parse(source) as Record<string, readonly XmlNode[]>;
  } catch (error) {
    throw new CutError('malformed', start, (error as Error).message);
  }
}

export function textOf(node: XmlNode | undefined): string {
  const text = node?.['#text'];
  return typeof text === 'string' ? text.trim() : '';
}

/** All texts under a path of names, in the document's order. */
export function textsAt(node: XmlNode, path: readonly string[]): string[] {
  const [name, ...rest] = path;
  if (name === undefined) {
    return [textOf(node)];
  }
  const children = node[name];
  return Array.isArray(children)
    ? (children as readonly XmlNode[]).flatMap((child) => textsAt(child, rest))
    : [];
}

function attributesOf(node: XmlNode): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [name, text] of Object.entries(node)) {
    if (name.startsWith('@') && typeof text === 'string') {
      attributes.set(name.slice(1), text);
    }
  }
  return attributes;
}
