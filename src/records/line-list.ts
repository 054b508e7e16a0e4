import { Spill } from './spill.ts';

/** A place in a list to which it can be taken back. */
export interface LineMark {
  readonly length: number;
  readonly bytes: number;
}

/** Values in their order, a line of JSON each, in little memory. */
export class LineList<T extends object> {
  readonly #spill: Spill;
  #length = 0;

  constructor(spill = new Spill()) {
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
    // Pieces end within lines and within characters: only whole lines are decoded.
    let rest: Buffer[] = [];
    for (let position = 0; position < this.#spill.length;) {
      const bytes = this.#spill.read(buffer, position);
      position += bytes;
      const whole = buffer.subarray(0, bytes).lastIndexOf(0x0a) + 1;
      const tail = Buffer.from(buffer.subarray(whole, bytes));
      if (whole === 0) {
        rest.push(tail);
        continue;
      }
      const lines = Buffer.concat([...rest, buffer.subarray(0, whole)]).toString();
      rest = [tail];
      yield* lines.split('\n').slice(0, -1);
    }
  }
}
