import { Spill } from './spill.ts';

/** A place in a list to which it can be taken back. */
export interface LineMark {
  readonly length: number;
  readonly bytes: number;
}

/** Bytes held in memory: what is read in large pieces is as fast from a file. */
const IN_MEMORY = 1024 * 1024;

/** Values in their order, a line of JSON each, in little memory. */
export class LineList<T extends object> {
  readonly #spill: Spill;
  #length = 0;

  constructor(spill = new Spill(IN_MEMORY)) {
    this.#spill = spill;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws SpillError */
  add(value: T): void {
    this.#spill.append(Buffer.from(`${JSON.stringify(value)}\n`));
    this.#length++;
  }

  mark(): LineMark {
    return { length: this.#length, bytes: this.#spill.length };
  }

  /** Takes back what was added since. */
  returnTo({ length, bytes }: LineMark): void {
    this.#spill.truncate(bytes);
    this.#length = length;
  }

  *read(): Generator<T> {
    for (const line of this.#lines()) yield JSON.parse(line) as T;
  }

  close(): void {
    this.#spill.close();
  }

  *#lines(): Generator<string> {
    const buffer = Buffer.alloc(65_536);
    // Of a line whose end has not been read yet, in pieces that may end within characters.
    let begun: Buffer[] = [];
    for (let position = 0; position < this.#spill.length;) {
      const bytes = this.#spill.read(buffer, position);
      position += bytes;
      let from = 0;
      // One by one: the lines of a whole piece would outlive V8's young generation.
      for (let end = endOfLine(buffer, 0, bytes); end >= 0; end = endOfLine(buffer, from, bytes)) {
        yield begun.length === 0
          ? buffer.toString('utf8', from, end)
          : Buffer.concat([...begun, buffer.subarray(0, end)]).toString();
        begun = [];
        from = end + 1;
      }
      if (from < bytes) begun.push(Buffer.from(buffer.subarray(from, bytes)));
    }
  }
}

/** The place of the next LF; -1: none. */
function endOfLine(buffer: Buffer, from: number, length: number): number {
  const end = buffer.indexOf(0x0a, from);
  return end < length ? end : -1;
}
