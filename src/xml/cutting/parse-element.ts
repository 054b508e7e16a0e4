import { childrenNamed, textOf, type XmlNode } from '../node.ts';
import { parseXml } from '../parse.ts';
import { CutError } from './cut-error.ts';

/** One element, decoded: entities and character references resolved, CDATA sections joined to the text. */
export interface ParsedElement {
  /** The element's own text, blanks at the ends removed. */
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Its parts as fast-xml-parser gives them, for elements that have children. */
  readonly node: XmlNode;
}

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
  const outermost = parsed(source, start);
  const [node = {}] = Object.keys(outermost).flatMap((name) => childrenNamed(outermost, name));
  return { text: textOf(node), attributes: attributesOf(node), node };
}

function parsed(source: string, start: number): XmlNode {
  try {
    return parseXml(source);
  } catch (error) {
    throw new CutError('malformed', start, (error as Error).message);
  }
}

/** All texts under a path of names, in the document's order. */
export function textsAt(node: XmlNode, path: readonly string[]): string[] {
  const [name, ...rest] = path;
  if (name === undefined) {
    return [textOf(node)];
  }
  return childrenNamed(node, name).flatMap((child) => textsAt(child, rest));
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
