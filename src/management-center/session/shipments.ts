import type { FileHandle } from 'node:fs/promises';
import { commandName } from '../../host-input/command.ts';
import type { CommandPart, CommandStream } from '../../host-input/command-stream.ts';
import { type Shipment, shipmentInFile, shipmentInMemory, type Tally } from './shipment.ts';
import { appendToSpool, openSpoolFile } from './spool-file.ts';

/**
 * Puts the stream's units together, in its order, into shipments of at most `limit()` bytes; a unit above that is a
 * shipment of its own, on disk. Holds little more than two blocks in memory. What the stream's end leaves without a
 * ScanFlush comes last, as it is; when the stream breaks, the units that are whole come before its error.
 * Throws SpoolError and what the stream throws.
 */
export async function* collectShipments(
  stream: CommandStream,
  limit: () => number,
): AsyncGenerator<Shipment> {
  const collector = new Collector(limit);
  try {
    for await (const parts of stream) {
      for (const part of parts) yield* await collector.add(part);
    }
    yield* collector.end();
  } catch (error) {
    yield* collector.wholeUnits();
    throw error;
  } finally {
    await collector.discard();
  }
}

class Collector {
  readonly #limit: () => number;
  #settings: readonly string[] = [];
  /** Whole units. */
  #block: Heap | undefined;
  /** The unit that is not complete yet. */
  #unit: Heap | undefined;
  /** Holds that unit when it is too large for a block. */
  #spool: FileHandle | undefined;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Returns the shipments that are complete now. */
  async add(part: CommandPart): Promise<Shipment[]> {
    const unit = (this.#unit ??= new Heap(this.#settings));
    unit.add(part);
    if (part.kind === 'setting') this.#settings = settingsAfter(this.#settings, part.text);
    const tooLarge = unit.tally.bytes > this.#limit();
    // Before the block is taken: when there is no room on disk, what is whole is still delivered.
    if (tooLarge || this.#spool) {
      this.#spool ??= await openSpoolFile();
      await appendToSpool(this.#spool, Buffer.concat(unit.takePieces()));
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

  async discard(): Promise<void> {
    await this.#spool?.close();
  }

  #closeUnit(): Shipment[] {
    const unit = this.#unit;
    this.#unit = undefined;
    if (!unit) return [];
    if (this.#spool) {
      const shipment = shipmentInFile(this.#spool, unit.tally, unit.settings);
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
    return block ? [shipmentInMemory(block.takePieces(), block.tally, block.settings)] : [];
  }
}

/** Text that grows, and what it holds. */
class Heap {
  readonly settings: readonly string[];
  tally: Tally = { bytes: 0, units: 0, commands: 0, findings: 0 };
  #pieces: Buffer[] = [];

  constructor(settings: readonly string[]) {
    this.settings = settings;
  }

  add(part: CommandPart): void {
    const bytes = Buffer.from(part.text);
    const { units, commands, findings } =
      part.kind === 'setting'
        ? { units: 0, commands: 1, findings: 0 }
        : { units: part.ends ? 1 : 0, commands: part.commands, findings: part.findings };
    this.#grow([bytes], { bytes: bytes.length, units, commands, findings });
  }

  join(other: Heap): void {
    this.#grow(other.takePieces(), other.tally);
  }

  takePieces(): Buffer[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #grow(pieces: readonly Buffer[], by: Tally): void {
    for (const piece of pieces) this.#pieces.push(piece);
    this.tally = {
      bytes: this.tally.bytes + by.bytes,
      units: this.tally.units + by.units,
      commands: this.tally.commands + by.commands,
      findings: this.tally.findings + by.findings,
    };
  }
}

/** Of each setting the newest, in the order in which they were said. */
function settingsAfter(settings: readonly string[], line: string): string[] {
  const name = commandName(line);
  return [...settings.filter((other) => commandName(other) !== name), line];
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
    if (left?.done === false) await left.value.discard();
    await shipments.return(undefined);
  }
}

/** Not before whoever takes the shipment has sent its first block. A failure is told when it is awaited. */
function afterSending<T>(work: () => Promise<T>): Promise<T> {
  const result = new Promise<void>((resolve) => setImmediate(resolve)).then(work);
  result.catch(() => undefined);
  return result;
}
