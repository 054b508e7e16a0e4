import { Spill } from './spill.ts';

/** One finding on one host. Types and statuses are in lower case, without hyphens. */
export interface Finding {
  /** 0 where the source gives none that is valid. */
  readonly qid: number;
  /** 1 to 65535, 0 for none. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly type: string;
  readonly status: string;
  /** 1 to 5, its own; 0: that of its QID holds. */
  readonly severity: number;
}

type Protocol = '' | 'tcp' | 'udp';

/** Bytes that a finding takes. */
const SIZE = 8;
/** Findings made into objects at once. */
const PORTION = 8192;
const PROTOCOLS: readonly Protocol[] = ['', 'tcp', 'udp'];

/** Numbers names, up to a largest number, which stands for the rest. Qualys knows three types and four statuses. */
class NameCodes {
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #largest: number;

  constructor(largest: number) {
    this.#largest = largest;
  }

  code(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined || this.#names.length === this.#largest) return known ?? this.#largest;
    this.#codes.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  name(code: number): string {
    return this.#names[code] ?? 'unknown';
  }
}

/**
 * All findings of a source in its order, eight bytes each: they have to wait for what is known of their QIDs, which
 * comes last, and one reading of a report is faster than two.
 */
export class FindingList {
  readonly types = new NameCodes(31);
  readonly statuses = new NameCodes(63);
  readonly #spill: Spill;
  #length = 0;

  constructor(spill = new Spill()) {
    this.#spill = spill;
  }

  get length(): number {
    return this.#length;
  }

  /** `type` and `status` as numbered by `types` and `statuses`; `protocol` 0 none, 1 tcp, 2 udp. */
  add(qid: number, port: number, protocol: number, type: number, status: number, severity = 0): void {
    // 16 bits of port, 3 of severity, 2 of protocol, 5 of type, 6 of status.
    const rest = (severity << 13) | (protocol << 11) | (type << 6) | status;
    this.#spill.appendPair(qid, ((port << 16) | rest) >>> 0);
    this.#length++;
  }

  /** Takes back what was added after the first `length` findings. */
  truncate(length: number): void {
    this.#spill.truncate(length * SIZE);
    this.#length = length;
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
      protocol: PROTOCOLS[(word >>> 11) & 3] ?? '',
      type: this.types.name((word >>> 6) & 31),
      status: this.statuses.name(word & 63),
      severity: (word >>> 13) & 7,
    };
  }
}
