/** An element as the parser gives it: attributes under `@name`, lists of children under their name, own text under `#text`. */
export type XmlNode = Readonly<Record<string, unknown>>;

/** The children of that name; one that holds only text becomes `{'#text': …}`. */
export function childrenNamed(node: XmlNode, name: string): XmlNode[] {
  const found: unknown = node[name];
  if (!Array.isArray(found)) return [];
  return found.map((child: unknown) => (isNode(child) ? child : { '#text': child }));
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

/** The trimmed text of an attribute (`@name`), of the node itself (`#text`), or of the first child of that name. */
export function textOf(node: XmlNode, name: string): string {
  const found = node[name];
  if (typeof found === 'string') return found.trim();
  const [first] = childrenNamed(node, name);
  return first === undefined ? '' : textOf(first, '#text');
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null;
}
