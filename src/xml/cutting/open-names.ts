/** Bytes of names: a report is some ten elements deep. */
const ROOM = 65_536;

/** The names of the elements that are open within one another. */
export class OpenNames {
  readonly #bytes = Buffer.alloc(ROOM);
  /** Where each name begins; the next begins where the last one ends. */
  readonly #starts: number[] = [];
  #end = 0;

  get depth(): number {
    return this.#starts.length;
  }

  get innermost(): string {
    return this.#bytes.toString('utf8', this.#starts.at(-1), this.#end);
  }

  /** Opens the element whose name stands from `start` to `end`; false: there is no room for its name. */
  open(bytes: Buffer, start: number, end: number): boolean {
    if (this.#end + end - start > ROOM) return false;
    this.#starts.push(this.#end);
    this.#end += bytes.copy(this.#bytes, this.#end, start, end);
    return true;
  }

  /** Closes the innermost element; false: its name is another one. */
  close(bytes: Buffer, start: number, end: number): boolean {
    const from = this.#starts.at(-1) ?? 0;
    if (this.#end - from !== end - start) return false;
    for (let at = start; at < end; at++) {
      if (this.#bytes[from + at - start] !== bytes[at]) return false;
    }
    this.#starts.pop();
    this.#end = from;
    return true;
  }
}
