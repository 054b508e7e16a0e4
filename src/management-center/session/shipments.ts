/**
 * From the stream to the wire, and what is counted, repeated or kept as one:
 *
 *     unit      all lines of one host, its ScanFlush or ScanUpdate last (host-input)
 *     part      a piece of one unit, as the stream gives it (host-input)
 *     shipment  whole units, acknowledged, sent again or kept together (this file)
 *     block     whole lines of one shipment, answered by one reply (block.ts)
 *     frame     one message's bytes, header and body (frames.ts)
 */
import { NamelessFile } from '../../files/nameless-file.ts';
import { commandName } from '../../host-input/command.ts';
import {
  bytesOf,
  type CommandPart,
  type CommandStream,
  NOTHING,
  plus,
  type SessionSetting,
  type Tally,
  tallyOf,
} from '../../host-input/command-stream.ts';
import { Block } from './block.ts';
import { SpoolError } from './errors.ts';
import { HEADER_LENGTH } from './frames.ts';
import { type Shipment, shipmentInFile, shipmentInMemory } from './shipment.ts';

/**
 * Puts the stream's units together, in its order, into shipments of at most `limit()` bytes; a unit above that is a
 * shipment of its own, on disk. Holds little more than two blocks in memory. What the stream's end leaves without a
 * ScanFlush comes last, as it is; when the stream breaks, the units that are whole come before its error.
 * @throws SpoolError and what the stream throws
 */
export async function* collectShipments(
  stream: CommandStream,
  limit: () => number,
): AsyncGenerator<Shipment> {
  const collector = new Collector(limit);
  try {
    for await (const parts of stream) {
      for (const part of parts) {
        // Not yield*, which awaits: most parts complete nothing.
        for (const shipment of collector.add(part)) yield shipment;
      }
    }
    yield* collector.end();
  } catch (error) {
    yield* collector.wholeUnits();
    throw error;
  } finally {
    collector.discard();
  }
}

class Collector {
  readonly #limit: () => number;
  #settings: readonly SessionSetting[] = [];
  /** The text of `#block` and behind it that of `#unit`, unless that is in the spool. */
  #memory: BlockMemory | undefined;
  /** Whole units. */
  #block: InWork | undefined;
  /** The unit that is not complete yet. */
  #unit: InWork | undefined;
  /** Holds that unit when it is too large for a block. */
  #spool: NamelessFile | undefined;
  readonly #memories = new Memories();

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Returns the shipments that are complete now. */
  add(part: CommandPart): Shipment[] {
    const unit = (this.#unit ??= new InWork(this.#settings));
    if (part.kind === 'setting') this.#settings = settingsAfter(this.#settings, part);
    const ready = this.#append(part, unit);
    return part.kind === 'unit' && part.ends ? [...ready, ...this.#closeUnit()] : ready;
  }

  end(): Shipment[] {
    return [...this.#closeUnit(), ...this.#takeBlock()];
  }

  /** What is complete although the stream broke. */
  wholeUnits(): Shipment[] {
    return this.#takeBlock();
  }

  discard(): void {
    this.#spool?.close();
  }

  /** Puts the part's text behind the rest of its unit. */
  #append(part: CommandPart, unit: InWork): Shipment[] {
    const limit = this.#limit();
    const written = this.#spool ? undefined : this.#memory?.write(part, limit);
    if (written !== undefined) {
      unit.add(part, written);
      return [];
    }
    const bytes = bytesOf(part);
    const before = unit.tally.bytes;
    unit.add(part, bytes.length);
    if (this.#spool || unit.tally.bytes > limit) return this.#spoolUnit(before, bytes);
    // The unit goes on in memory of its own.
    const begun = this.#memory?.textFrom(this.#blockBytes) ?? NO_BYTES;
    const ready = this.#takeBlock();
    this.#memory = new BlockMemory(this.#memories.take(HEADER_LENGTH + limit), begun);
    this.#memory.write(part, limit);
    return ready;
  }

  /** Its text so far, of which `before` bytes are still in memory, goes on in a file. */
  #spoolUnit(before: number, bytes: Buffer): Shipment[] {
    // Before the block is taken: when there is no room on disk, what is whole is still delivered.
    if (!this.#spool) {
      this.#spool = new NamelessFile((cause) => new SpoolError(cause));
      if (before > 0) this.#spool.append(this.#memory?.textFrom(this.#blockBytes) ?? NO_BYTES);
    }
    this.#spool.append(bytes);
    return this.#takeBlock();
  }

  get #blockBytes(): number {
    return this.#block?.tally.bytes ?? 0;
  }

  #closeUnit(): Shipment[] {
    const unit = this.#unit;
    this.#unit = undefined;
    if (!unit) return [];
    if (this.#spool) {
      const shipment = shipmentInFile(this.#spool, unit.about);
      this.#spool = undefined;
      return [shipment];
    }
    if (this.#block) this.#block.join(unit);
    else this.#block = unit;
    return [];
  }

  #takeBlock(): Shipment[] {
    const block = this.#block;
    const memory = this.#memory;
    this.#block = this.#memory = undefined;
    if (!block || !memory) return [];
    const free = (): void => {
      this.#memories.give(memory.bytes);
    };
    return [shipmentInMemory(memory.block(block.tally.bytes), block.about, free)];
  }
}

const NO_BYTES = Buffer.alloc(0);

/**
 * Memory for blocks, used again and again: to get half a megabyte from the system takes longer than to fill it. What was
 * given back last is kept as it is, since a late reply may still speak of it.
 */
class Memories {
  #last: Buffer | undefined;
  #free: Buffer[] = [];

  take(length: number): Buffer {
    // Whenever the Management Center takes another size, all of them are of no use any more.
    this.#free = this.#free.filter((bytes) => bytes.length === length);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(length);
  }

  give(bytes: Buffer): void {
    if (bytes === this.#last) return;
    if (this.#last) this.#free.push(this.#last);
    this.#last = bytes;
  }
}

/** Where texts are put together, and sent from. */
class BlockMemory {
  readonly bytes: Buffer;
  #end = HEADER_LENGTH;

  /** @param begun what it is to hold at first */
  constructor(bytes: Buffer, begun: Buffer) {
    this.bytes = bytes;
    this.#end += begun.copy(bytes, HEADER_LENGTH);
  }

  /** @returns the bytes of the part's text; undefined: it would be more than `limit`, or than there is room for */
  write({ text, encoding }: CommandPart, limit: number): number | undefined {
    const room = Math.min(this.bytes.length, HEADER_LENGTH + limit) - this.#end;
    if (text.length * LONGEST_CHARACTER > room && Buffer.byteLength(text, encoding) > room) return undefined;
    const written = this.bytes.write(text, this.#end, encoding);
    this.#end += written;
    return written;
  }

  textFrom(offset: number): Buffer {
    return this.bytes.subarray(HEADER_LENGTH + offset, this.#end);
  }

  block(length: number): Block {
    return new Block(this.bytes.subarray(0, HEADER_LENGTH + length));
  }
}

/** Bytes that one UTF-16 unit can become. */
const LONGEST_CHARACTER = 3;

/** What becomes a shipment: what its text holds. */
class InWork {
  tally: Tally = NOTHING;
  readonly #settings: readonly SessionSetting[];
  readonly #addresses: string[] = [];
  readonly #endedUnits: string[] = [];

  constructor(settings: readonly SessionSetting[]) {
    this.#settings = settings;
  }

  get about() {
    return {
      ...this.tally,
      settings: this.#settings,
      addresses: this.#addresses,
      endedUnits: this.#endedUnits,
    };
  }

  /** @param bytes of the part's text */
  add(part: CommandPart, bytes: number): void {
    this.tally = plus(this.tally, tallyOf(part, bytes));
    if (part.kind === 'setting') return;
    if (part.ends) this.#endedUnits.push(part.address);
    if (part.findings === 0) return;
    if (this.#addresses.at(-1) !== part.address) this.#addresses.push(part.address);
  }

  join(other: InWork): void {
    this.tally = plus(this.tally, other.tally);
    for (const address of other.#addresses) this.#addresses.push(address);
    for (const address of other.#endedUnits) this.#endedUnits.push(address);
  }
}

/** Of each setting the newest, in the order in which they were said. */
function settingsAfter(settings: readonly SessionSetting[], setting: SessionSetting): SessionSetting[] {
  const name = commandName(setting.text);
  return [...settings.filter((other) => commandName(other.text) !== name), setting];
}

/**
 * The same shipments, each made while the one before it is under way: the Management Center works on a block and this
 * program on the next one at the same time. One is ahead, no more.
 */
export async function* oneAhead(shipments: AsyncGenerator<Shipment>): AsyncGenerator<Shipment> {
  let next: Promise<IteratorResult<Shipment, unknown>> = shipments.next();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = afterSending(() => shipments.next());
      yield result.value;
    }
  } finally {
    const left = await next.catch(() => undefined);
    if (left?.done === false) left.value.discard();
    await shipments.return(undefined);
  }
}

/** Not before whoever takes the shipment has sent its first block. A failure is told when it is awaited. */
function afterSending<T>(work: () => Promise<T>): Promise<T> {
  const result = new Promise<void>((resolve) => setImmediate(resolve)).then(work);
  result.catch(() => undefined);
  return result;
}
