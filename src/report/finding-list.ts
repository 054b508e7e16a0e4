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

export type Protocol = '' | 'tcp' | 'udp';

/** Bytes that a finding takes. */
const SIZE = 8;
const protocols: readonly Protocol[] = ['', 'tcp', 'udp'];

/** Numbers names, up to 63 of them; the rest is number 63. A report knows three types and four statuses. */
export class NameCodes {
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];

  code(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined || this.#names.length === 63) {
      return known ?? 63;
    }
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
    this.#length += 1;
  }

  /** The findings from number `from` on, `count` of them, in portions. */
  *read(from: number, count: number): Generator<readonly Finding[]> {
    const buffer = Buffer.alloc(Math.min(count, 8192) * SIZE);
    for (let done = 0; done < count;) {
      const wanted = Math.min(count - done, 8192);
      const bytes = this.#spill.read(buffer.subarray(0, wanted * SIZE), (from + done) * SIZE);
      const read = Math.floor(bytes / SIZE);
      yield Array.from({ length: read }, (_, index) => this.#finding(buffer, index * SIZE));
      done += read;
    }
  }

  close(): void {
    this.#spill.close();
  }

  #finding(buffer: Buffer, at: number): Finding {
    const word = buffer.readUInt32LE(at + 4);
    return {
      qid: buffer.readUInt32LE(at),
      port: word >>> 16,
      protocol: protocols[(word >>> 12) & 3] ?? '',
      type: this.types.name((word >>> 6) & 63),
      status: this.statuses.name(word & 63),
    };
  }
}
