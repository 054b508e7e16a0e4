/** What the cutter is to do with the elements of a document: a tree of their names. Elements not named are skipped. */
export type ElementPlan = ContainerPlan | ValuePlan;

/** An element whose children are looked at, as they come. */
export interface ContainerPlan {
  readonly kind: 'container';
  readonly children: readonly NamedPlan[];
  /** For each byte, whether a child's name begins with it: most elements of a report are known to be skipped by that. */
  readonly firstBytes: Uint8Array;
  /** Called with the bytes of the start tag, `<` to `>`. */
  readonly enter: ((bytes: Buffer, start: number, end: number) => void) | undefined;
  readonly leave: (() => void) | undefined;
}

/** An element that is cut out as a whole, `<` of its start tag to `>` of its end tag. The bytes are gone after the call. */
export interface ValuePlan {
  readonly kind: 'value';
  readonly take: (bytes: Buffer, start: number, end: number) => void;
}

export interface NamedPlan {
  readonly name: Buffer;
  readonly plan: ElementPlan;
}

export function container(
  children: Readonly<Record<string, ElementPlan>>,
  on: { enter?: ContainerPlan['enter']; leave?: ContainerPlan['leave'] } = {},
): ContainerPlan {
  const named = Object.entries(children).map(([name, plan]) => ({ name: Buffer.from(name), plan }));
  const firstBytes = new Uint8Array(256);
  for (const { name } of named) {
    firstBytes[name[0] ?? 0] = 1;
  }
  return { kind: 'container', children: named, firstBytes, enter: on.enter, leave: on.leave };
}

export function value(take: ValuePlan['take']): ValuePlan {
  return { kind: 'value', take };
}

/** The plan for the element whose name stands at `start`; undefined: skip it. */
export function childNamed(
  plan: ContainerPlan,
  bytes: Buffer,
  start: number,
  end: number,
): NamedPlan | undefined {
  if (plan.firstBytes[bytes[start] ?? 0] === 0) return undefined;
  for (const child of plan.children) {
    if (isName(child.name, bytes, start, end)) return child;
  }
  return undefined;
}

export function isName(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) {
    if (name[index] !== bytes[start + index]) return false;
  }
  return true;
}
