import { type X2jOptions, XMLParser } from 'fast-xml-parser';
import { childrenNamed, type XmlNode } from './node.ts';

const OPTIONS: X2jOptions = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Values are text: 007 is no number.
  parseTagValue: false,
  // Trimming would happen at each CDATA border, within the text.
  trimValues: false,
  alwaysCreateTextNode: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
};

// The decoder of references makes its tables anew for each document, which takes ten times as long as the rest.
const plainParser = new XMLParser({ ...OPTIONS, processEntities: false });
const referenceParser = new XMLParser({ ...OPTIONS, htmlEntities: true });

/**
 * XML as a tree, references resolved and CDATA sections joined to the text around them.
 * @returns a node whose children are the elements that stand outermost
 * @throws the parser's error for what is not well-formed
 */
export function parseXml(text: string): XmlNode {
  return (text.includes('&') ? referenceParser : plainParser).parse(text) as XmlNode;
}

/** The root element of that name; an empty node where the text cannot be parsed. */
export function parseRoot(text: string, name: string): XmlNode {
  try {
    return childrenNamed(parseXml(text), name)[0] ?? {};
  } catch {
    return {};
  }
}
