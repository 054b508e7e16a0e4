import { oneLine } from '../../text/one-line.ts';
import { CutError } from './cut-error.ts';
import { childNamed, type ContainerPlan, isName, type NamedPlan, type ValuePlan } from './element-plan.ts';
import { OpenNames } from './open-names.ts';
import { doctypeEnd, hiddenEnd, type HiddenMark, leafEnd, nextTag, startsWith, tagEnd } from './markup.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const COMMENT = Buffer.from('<!--');
const CDATA = Buffer.from('<![CDATA[');
const DOCTYPE = Buffer.from('<!DOCTYPE');

/**
 * Cuts the elements that a plan names out of XML bytes that come in pieces of any size.
 * It knows what can hide a tag: comments, CDATA sections, processing instructions and the DOCTYPE. It works on bytes and
 * decodes nothing: no text is made for what nobody asked for.
 */
export class Cutter {
  /** True when the root element has ended; what follows it is nobody's concern. */
  ended = false;

  readonly #root: NamedPlan;
  readonly #open: NamedPlan[] = [];
  #container: ContainerPlan | undefined;
  /** The element that is skipped or taken, and those within it; none: between the children of a container. */
  readonly #names = new OpenNames();
  #taken: ValuePlan | undefined;
  #takenFrom = 0;
  /** What ends the comment, CDATA section or instruction that we are in. */
  #hidden: HiddenMark | undefined;
  /** Where to go on within the bytes that were kept. */
  #resumeAt = 0;

  constructor(name: string, plan: ContainerPlan) {
    this.#root = { name: Buffer.from(name), plan };
  }

  /** The innermost open element that the plan names; undefined before the root. */
  get openElement(): string | undefined {
    return this.#open.at(-1)?.name.toString();
  }

  /**
   * Works through `bytes` up to `end`. Returns from where on they must be kept: the next call has to begin with these.
   * @throws CutError
   */
  write(bytes: Buffer, end: number): number {
    let at = this.#resumeAt;
    while (!this.ended) {
      const after = this.#hidden === undefined ? this.#toTag(bytes, at, end) : this.#unhide(bytes, at, end);
      if (after < 0) {
        at = ~after;
        break;
      }
      at = after;
    }
    const keepFrom = this.#taken === undefined ? at : this.#takenFrom;
    this.#resumeAt = at - keepFrom;
    this.#takenFrom = 0;
    return keepFrom;
  }

  // The steps below return where to go on or, when more bytes are needed first, `~` of where to go on then.

  #unhide(bytes: Buffer, at: number, end: number): number {
    const after = this.#hidden === undefined ? at : hiddenEnd(bytes, at, end, this.#hidden);
    if (after < 0) return ~Math.max(at, end - 2);
    this.#hidden = undefined;
    return after;
  }

  #toTag(bytes: Buffer, at: number, end: number): number {
    const tag = nextTag(bytes, at, end);
    if (this.#open.length === 0) checkBlank(bytes, at, tag);
    const after = tag + 1 < end ? this.#markup(bytes, tag, end) : -1;
    return after < 0 ? ~tag : after;
  }

  #markup(bytes: Buffer, tag: number, end: number): number {
    switch (bytes[tag + 1]) {
      case SLASH:
        return this.#endTag(bytes, tag, end);
      case 0x21:
        return this.#declaration(bytes, tag, end);
      case 0x3f:
        this.#hidden = '?>';
        return tag + 2;
      default:
        return this.#startTag(bytes, tag, end);
    }
  }

  #declaration(bytes: Buffer, tag: number, end: number): number {
    if (startsWith(bytes, tag, end, COMMENT)) {
      this.#hidden = '-->';
      return tag + COMMENT.length;
    }
    if (this.#open.length > 0 && startsWith(bytes, tag, end, CDATA)) {
      this.#hidden = ']]>';
      return tag + CDATA.length;
    }
    if (end - tag < CDATA.length) return -1;
    if (this.#open.length > 0 || !startsWith(bytes, tag, end, DOCTYPE)) {
      throw new CutError('malformed', tag, 'a declaration that does not belong there');
    }
    const after = doctypeEnd(bytes, tag, end);
    if (after === undefined) throw new CutError('subset', tag, 'a DOCTYPE with declarations of its own');
    return after;
  }

  #startTag(bytes: Buffer, tag: number, end: number): number {
    checkName(bytes, tag);
    const nameEnd = endOfName(bytes, tag + 1, end);
    const close = tagEnd(bytes, nameEnd, end);
    if (close < 0) return -1;
    if (bytes[close] === LESS) throw new CutError('malformed', close, 'a "<" within a tag');
    if (this.#names.depth === 0) return this.#child(bytes, tag, nameEnd, close + 1, end);
    if (bytes[close - 1] !== SLASH) this.#openName(bytes, tag, nameEnd);
    return close + 1;
  }

  /** Begins an element that stands directly in a container, or the root; `after` is the place behind its start tag. */
  #child(bytes: Buffer, tag: number, nameEnd: number, after: number, end: number): number {
    const empty = bytes[after - 2] === SLASH;
    const child = this.#container
      ? childNamed(this.#container, bytes, tag + 1, nameEnd)
      : this.#rootNamed(bytes, tag, nameEnd);
    if (child?.plan.kind === 'container') {
      this.#open.push(child);
      this.#container = child.plan;
      child.plan.enter?.(bytes, tag, after);
      if (empty) this.#leave(child.plan);
      return after;
    }
    // Most elements are leaves that are all there: these need no notes of where we are.
    const leaf = empty ? after : leafEnd(bytes, tag + 1, nameEnd, after, end);
    if (leaf > 0) {
      child?.plan.take(bytes, tag, leaf);
      return leaf;
    }
    this.#taken = child?.plan;
    this.#takenFrom = tag;
    this.#openName(bytes, tag, nameEnd);
    return after;
  }

  #rootNamed(bytes: Buffer, tag: number, nameEnd: number): NamedPlan {
    if (!isName(this.#root.name, bytes, tag + 1, nameEnd)) {
      throw new CutError('root', tag, shown(bytes, tag + 1, nameEnd));
    }
    return this.#root;
  }

  #openName(bytes: Buffer, tag: number, nameEnd: number): void {
    if (!this.#names.open(bytes, tag + 1, nameEnd)) {
      throw new CutError('malformed', tag, 'elements that are nested too deeply');
    }
  }

  #endTag(bytes: Buffer, tag: number, end: number): number {
    const nameEnd = endOfName(bytes, tag + 2, end);
    let close = nameEnd;
    while (close < end && isBlank(bytes[close])) {
      close++;
    }
    if (close === end) return -1;
    if (bytes[close] !== GREATER) {
      throw new CutError(
        'malformed',
        tag,
        `${shown(bytes, tag, nameEnd)} is followed by something else than ">"`,
      );
    }
    if (this.#names.depth === 0) this.#endContainer(bytes, tag, nameEnd);
    else this.#endInner(bytes, tag, nameEnd, close + 1);
    return close + 1;
  }

  /** Ends the element that is skipped or taken, or one within it. */
  #endInner(bytes: Buffer, tag: number, nameEnd: number, after: number): void {
    if (!this.#names.close(bytes, tag + 2, nameEnd)) {
      throw wrongEnd(bytes, tag, nameEnd, this.#names.innermost);
    }
    if (this.#names.depth === 0 && this.#taken !== undefined) {
      const { take } = this.#taken;
      this.#taken = undefined;
      take(bytes, this.#takenFrom, after);
    }
  }

  #endContainer(bytes: Buffer, tag: number, nameEnd: number): void {
    const open = this.#open.at(-1);
    if (open === undefined || !isName(open.name, bytes, tag + 2, nameEnd)) {
      throw wrongEnd(bytes, tag, nameEnd, open?.name.toString());
    }
    if (open.plan.kind === 'container') this.#leave(open.plan);
  }

  #leave(plan: ContainerPlan): void {
    plan.leave?.();
    this.#open.pop();
    const outer = this.#open.at(-1)?.plan;
    this.#container = outer?.kind === 'container' ? outer : undefined;
    this.ended = outer === undefined;
  }
}

function wrongEnd(bytes: Buffer, tag: number, nameEnd: number, open: string | undefined): CutError {
  const found = `${shown(bytes, tag, nameEnd)}>`;
  return new CutError(
    'malformed',
    tag,
    open === undefined
      ? `${found} ends nothing`
      : `${found} where </${oneLine(open, LONGEST_SHOWN)}> should be`,
  );
}

/** Characters of a name in a message. */
const LONGEST_SHOWN = 80;

function shown(bytes: Buffer, start: number, end: number): string {
  return oneLine(bytes.toString('utf8', start, end), LONGEST_SHOWN);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function checkBlank(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (!isBlank(bytes[at])) throw new CutError('text', at, 'text outside of any element');
  }
}

function checkName(bytes: Buffer, tag: number): void {
  const first = bytes[tag + 1] ?? 0;
  const letter = (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7a;
  if (!letter && first !== 0x5f && first !== 0x3a && first < 0x80) {
    throw new CutError('malformed', tag, 'a "<" that begins no tag');
  }
}

/** Names end at a blank, at `/` or at `>`; the place of that, or `end`. */
function endOfName(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    // Letters are greater than all that ends a name.
    if (byte <= GREATER && (byte === GREATER || byte === SLASH || byte === LESS || isBlank(byte))) break;
    at++;
  }
  return at;
}
