/** An element as the parser gives it: attributes under `@name`, lists of children under their name, own text under `#text`. */
export type XmlNode = Readonly<Record<string, unknown>>;

/** The children of that name, in the document's order. */
export function childrenNamed(node: XmlNode, name: string): readonly XmlNode[] {
  const found: unknown = node[name];
  return Array.isArray(found) ? (found as readonly XmlNode[]) : [];
}

/** The elements of that name at any depth, in no particular order. */
export function descendants(node: XmlNode, name: string): XmlNode[] {
  return Object.keys(node).flatMap((key) =>
    childrenNamed(node, key).flatMap((child) => [
      ...(key === name ? [child] : []),
      ...descendants(child, name),
    ]),
  );
}

/** The trimmed text of the node itself, of an attribute (`@name`), or of the first child of that name. */
export function textOf(node: XmlNode, name = '#text'): string {
  const found = node[name];
  if (typeof found === 'string') return found.trim();
  const [first] = childrenNamed(node, name);
  return first === undefined ? '' : textOf(first);
}
