import { Spill } from './spill.ts';

/** One VULN_INFO. Types and statuses are in lower case, without hyphens. */
export interface Finding {
  /** 0 where the report gives none that is valid. */
  readonly qid: number;
  /** 1 to 65535, 0 for none. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly type: string;
  readonly status: string;
}

type Protocol = '' | 'tcp' | 'udp';

/** Bytes that a finding takes. */
const SIZE = 8;
/** Findings made into objects at once. */
const PORTION = 8192;
const PROTOCOLS: readonly Protocol[] = ['', 'tcp', 'udp'];

/** Numbers names, up to 63 of them; the rest is number 63. A report knows three types and four statuses. */
class NameCodes {
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];

  code(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined || this.#names.length === 63) return known ?? 63;
    this.#codes.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  name(code: number): string {
    return this.#names[code] ?? 'unknown';
  }
}

/**
 * All findings of a report in its order, eight bytes each: they have to wait for the glossary, which stands at the
 * report's end, and one reading of the report is faster than two.
 */
export class FindingList {
  readonly types = new NameCodes();
  readonly statuses = new NameCodes();
  readonly #spill: Spill;
  #length = 0;

  constructor(spill = new Spill()) {
    this.#spill = spill;
  }

  get length(): number {
    return this.#length;
  }

  /** `type` and `status` as numbered by `types` and `statuses`; `protocol` 0 none, 1 tcp, 2 udp. */
  add(qid: number, port: number, protocol: number, type: number, status: number): void {
    // 16 bits of port, 2 of protocol, 6 of type, 6 of status.
    this.#spill.appendPair(qid, ((port << 16) | (protocol << 12) | (type << 6) | status) >>> 0);
    this.#length++;
  }

  /** The findings from number `from` on, `count` of them, in portions. */
  *read(from: number, count: number): Generator<readonly Finding[]> {
    const buffer = Buffer.alloc(Math.min(count, PORTION) * SIZE);
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    for (let done = 0; done < count;) {
      const bytes = this.#spill.read(buffer.subarray(0, (count - done) * SIZE), (from + done) * SIZE);
      const portion: Finding[] = [];
      for (let at = 0; at + SIZE <= bytes; at += SIZE) {
        portion.push(this.#finding(view.getUint32(at, true), view.getUint32(at + 4, true)));
      }
      yield portion;
      done += portion.length;
    }
  }

  close(): void {
    this.#spill.close();
  }

  #finding(qid: number, word: number): Finding {
    return {
      qid,
      port: word >>> 16,
      protocol: PROTOCOLS[(word >>> 12) & 3] ?? '',
      type: this.types.name((word >>> 6) & 63),
      status: this.statuses.name(word & 63),
    };
  }
}
