/**
 * From the stream to the wire, and what is counted, repeated or kept as one:
 *
 *     unit      all lines of one host, its ScanFlush or ScanUpdate last (host-input)
 *     part      a piece of one unit, as the stream gives it (host-input)
 *     shipment  whole units, acknowledged, sent again or kept together (this file)
 *     block     whole lines of one shipment, answered by one reply (shipment.ts)
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
import { SpoolError } from './errors.ts';
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
      for (const part of parts) yield* collector.add(part);
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
  /** Whole units. */
  #block: PartsInWork | undefined;
  /** The unit that is not complete yet. */
  #unit: PartsInWork | undefined;
  /** Holds that unit when it is too large for a block. */
  #spool: NamelessFile | undefined;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Returns the shipments that are complete now. */
  add(part: CommandPart): Shipment[] {
    const unit = (this.#unit ??= new PartsInWork(this.#settings));
    unit.add(part);
    if (part.kind === 'setting') this.#settings = settingsAfter(this.#settings, part);
    const tooLarge = unit.tally.bytes > this.#limit();
    // Before the block is taken: when there is no room on disk, what is whole is still delivered.
    if (tooLarge || this.#spool) {
      this.#spool ??= new NamelessFile((cause) => new SpoolError(cause));
      this.#spool.append(Buffer.concat(unit.takeTexts()));
    }
    const ready = tooLarge ? this.#takeBlock() : [];
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

  #closeUnit(): Shipment[] {
    const unit = this.#unit;
    this.#unit = undefined;
    if (!unit) return [];
    if (this.#spool) {
      const shipment = shipmentInFile(this.#spool, unit.about);
      this.#spool = undefined;
      return [shipment];
    }
    const fits = (this.#block?.tally.bytes ?? 0) + unit.tally.bytes <= this.#limit();
    const ready = fits ? [] : this.#takeBlock();
    if (this.#block) this.#block.join(unit);
    else this.#block = unit;
    return ready;
  }

  #takeBlock(): Shipment[] {
    const block = this.#block;
    this.#block = undefined;
    return block ? [shipmentInMemory(block.takeTexts(), block.about)] : [];
  }
}

/** Parts that become a shipment: their texts, and what these hold. */
class PartsInWork {
  tally: Tally = NOTHING;
  readonly #settings: readonly SessionSetting[];
  readonly #addresses: string[] = [];
  readonly #endedUnits: string[] = [];
  #texts: Buffer[] = [];

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

  add(part: CommandPart): void {
    const text = bytesOf(part);
    this.#texts.push(text);
    this.tally = plus(this.tally, tallyOf(part, text.length));
    if (part.kind === 'setting') return;
    if (part.ends) this.#endedUnits.push(part.address);
    if (part.findings === 0) return;
    if (this.#addresses.at(-1) !== part.address) this.#addresses.push(part.address);
  }

  join(other: PartsInWork): void {
    for (const text of other.takeTexts()) this.#texts.push(text);
    this.tally = plus(this.tally, other.tally);
    for (const address of other.#addresses) this.#addresses.push(address);
    for (const address of other.#endedUnits) this.#endedUnits.push(address);
  }

  takeTexts(): Buffer[] {
    const texts = this.#texts;
    this.#texts = [];
    return texts;
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
