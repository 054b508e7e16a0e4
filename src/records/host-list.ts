import type { FindingList } from './finding-list.ts';
import type { Host } from './records.ts';
import { Spill } from './spill.ts';

export type HostRecord = Omit<Host, 'findings'>;

/** All hosts of a source in its order, a line of JSON each, kept until the QIDs are known. */
export class HostList {
  readonly #spill: Spill;
  #length = 0;

  constructor(spill = new Spill()) {
    this.#spill = spill;
  }

  get length(): number {
    return this.#length;
  }

  add(host: HostRecord): void {
    this.#spill.append(Buffer.from(`${JSON.stringify(host)}\n`));
    this.#length++;
  }

  *read(findings: FindingList): Generator<Host> {
    let from = 0;
    for (const line of this.#lines()) {
      const host = JSON.parse(line) as HostRecord;
      yield { ...host, findings: findings.read(from, host.findingCount) };
      from += host.findingCount;
    }
  }

  close(): void {
    this.#spill.close();
  }

  *#lines(): Generator<string> {
    const buffer = Buffer.alloc(65_536);
    // Pieces end within lines and within characters: only whole lines are decoded.
    let rest = Buffer.alloc(0);
    for (let position = 0; position < this.#spill.length;) {
      const bytes = this.#spill.read(buffer, position);
      position += bytes;
      const piece = Buffer.concat([rest, buffer.subarray(0, bytes)]);
      const whole = piece.lastIndexOf(0x0a) + 1;
      rest = Buffer.from(piece.subarray(whole));
      yield* piece.toString('utf8', 0, whole).split('\n').slice(0, -1);
    }
  }
}
