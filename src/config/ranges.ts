import { isIPv4, isIPv6 } from 'node:net';

/** Numbers and ranges of numbers, found by halving. */
class Ranges<Point extends number | bigint> {
  /** By their beginnings, none overlapping another. */
  readonly #ranges: [first: Point, last: Point][] = [];

  constructor(ranges: readonly (readonly [Point, Point])[]) {
    const sorted = ranges.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
    for (const [first, last] of sorted) {
      const before = this.#ranges.at(-1);
      if (before === undefined || before[1] < first) this.#ranges.push([first, last]);
      else if (before[1] < last) before[1] = last;
    }
  }

  has(point: Point): boolean {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle];
      if (range === undefined || point < range[0]) high = middle;
      else if (point <= range[1]) return true;
      else low = middle + 1;
    }
    return false;
  }
}

/** A choice of QIDs. */
export class QidRanges extends Ranges<number> {}

/** A choice of addresses, of either version. */
export class AddressRanges {
  readonly #ranges: Ranges<bigint>;

  constructor(ranges: readonly (readonly [bigint, bigint])[]) {
    this.#ranges = new Ranges(ranges);
  }

  has(address: string): boolean {
    const number = addressNumber(address);
    return number !== undefined && this.#ranges.has(number);
  }
}

const LARGEST_QID = 4_294_967_295;

/** Of `38170, 90000-90999`. */
export function qidRanges(value: string): QidRanges | undefined {
  const ranges = items(value).map((item): [number, number] | undefined => {
    const [, first = '', last = first] = /^([1-9]\d{0,9})(?: ?- ?([1-9]\d{0,9}))?$/.exec(item) ?? [];
    const right = first !== '' && Number(first) <= Number(last) && Number(last) <= LARGEST_QID;
    return right ? [Number(first), Number(last)] : undefined;
  });
  return ranges.every((range) => range !== undefined) ? new QidRanges(ranges) : undefined;
}

/** Of `10.0.0.1, 10.0.1.0-10.0.1.99, 10.0.2.0/24, fd00::7, fd00:1::/64`. */
export function addressRanges(value: string): AddressRanges | undefined {
  const ranges = items(value).map((item) => network(item) ?? addressRange(item));
  return ranges.every((range) => range !== undefined) ? new AddressRanges(ranges) : undefined;
}

/** The first range whose end lies before its beginning, of QIDs or of addresses; undefined: there is none. */
export function backwardRange(value: string): string | undefined {
  return items(value).find((item) => {
    const [first = '', last = '', ...more] = item.split('-').map((end) => end.trim());
    if (more.length > 0) return false;
    const numbers = [first, last].map((end) => (/^\d{1,10}$/.test(end) ? BigInt(end) : addressNumber(end)));
    const [from, to] = numbers;
    return from !== undefined && to !== undefined && from > to;
  });
}

function items(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

type AddressRange = readonly [bigint, bigint];

function network(item: string): AddressRange | undefined {
  const [, address = '', bits = ''] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(item) ?? [];
  const number = addressNumber(address);
  const hostBits = (isIPv4(address) ? 32 : 128) - Number(bits);
  if (number === undefined || hostBits < 0) return undefined;
  const size = 1n << BigInt(hostBits);
  const first = (number / size) * size;
  return [first, first + size - 1n];
}

function addressRange(item: string): AddressRange | undefined {
  const [first = '', last = first, ...more] = item.split('-').map((end) => end.trim());
  const [from, to] = [addressNumber(first), addressNumber(last)];
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return isIPv4(first) === isIPv4(last) && from <= to ? [from, to] : undefined;
}

/** Addresses of IPv6 come after all others: this many fit, so that their networks still begin at multiples of their size. */
const IPV6 = 1n << 128n;

/** Undefined for what is no address, or one of a zone. */
function addressNumber(address: string): bigint | undefined {
  if (isIPv4(address)) return BigInt(address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0));
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail] = shortest.split('::').map((side) => side.split(':').filter(Boolean));
  const groups = tail === undefined ? [...head] : [...head, ...zeros(8 - head.length - tail.length), ...tail];
  return IPV6 + BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
}

function zeros(count: number): string[] {
  return Array.from({ length: count }, () => '0');
}
