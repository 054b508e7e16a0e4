import { happenedIn } from '../connector-error.ts';
import {
  type CommandPart,
  type CommandStream,
  type OnSilentHost,
  PART_SIZE,
  type UnitPart,
} from '../host-input/command-stream.ts';
import type { Log } from '../log/log.ts';
import type { ChangeRules } from './change-rules.ts';
import type { Changes } from './changes.ts';
import { Comparison } from './comparison.ts';
import { StateNotWrittenError } from './errors.ts';
import { FindingSegments } from './finding-segments.ts';
import { HeldParts } from './held-parts.ts';
import { MARKS } from './host-table.ts';
import { reasonForAll, rulesThatDiffer } from './reasons.ts';
import { readState, type State } from './read-state.ts';
import type { StateDirectory } from './state-directory.ts';
import { tellChanges } from './tell-changes.ts';
import { UnitDigest } from './unit-digest.ts';
import { UnitInWork } from './unit-in-work.ts';
import type { UnsentFiles } from './unsent-files.ts';
import { writeState } from './write-state.ts';

/** One input, as the state knows it. */
export interface Remembered {
  /** Names the source, e.g. `template 424242`. */
  readonly source: string;
  /** A file of commands that is sent once: it says nothing of which hosts there are. */
  readonly isPassing: boolean;
  /** What its units are made by: a name and a value each. */
  readonly rules: Readonly<Record<string, string>>;
  readonly changeRules: ChangeRules;
}

export interface MemoryOptions {
  readonly directory: StateDirectory;
  readonly server: string;
  /** When the run began. */
  readonly started: Date;
  /** Only what changed is sent. */
  readonly changed: boolean;
  /** Hosts that are gone are so on purpose, however many. */
  readonly force: boolean;
  readonly log: Log;
  /** With several templates: hosts that earlier ones gave findings, to which later ones add. */
  readonly delivered: Set<string> | undefined;
  /** Undefined: nothing is delivered to the Management Center. */
  readonly unsentFiles: UnsentFiles | undefined;
}

/** How the delivery of an input has ended. */
interface DeliveryEnd {
  /** Whether all that was to be sent was acknowledged, without a complaint. */
  readonly isDelivered: boolean;
  /** The file that holds what was not. */
  readonly unsentFile: string | undefined;
}

/** What is known of an opened input. */
export interface Opened {
  /** Why its units cannot be told apart host by host, a clause. */
  readonly incomparable: string | undefined;
  /** Whether hosts may be missing in it that the source has. */
  readonly isWhole: () => boolean;
}

/**
 * Remembers what the Management Center has acknowledged of one input, chooses what of it is sent, and tells what is
 * different from last time. Every host's units are held against their digest of last time as they come by: what is the
 * same is spared, what is not goes on at once. Hosts that had several units wait for the end of the stream.
 */
export class InputMemory {
  changes: Changes | undefined;
  /** Why somebody should look, although all is delivered: messages. */
  readonly concerns: string[] = [];
  /** Hosts that are not sent. */
  spared = 0;
  /** Paths of files of unsent commands of earlier runs that are removed, since all that they held is delivered. */
  superseded: readonly string[] = [];
  readonly #about: Remembered;
  readonly #options: MemoryOptions;
  readonly #segments = new FindingSegments();
  /** Titles of QIDs of severity 5. */
  readonly #titles = new Map<number, string>();
  readonly #held = new HeldParts();
  readonly #waiting = new HeldParts();
  #state: State | undefined;
  #unit: UnitInWork | undefined;
  #settings = '';
  /** Why everything is sent; undefined: only what changed is, or that is not decided yet. */
  #full: string | undefined;
  #decided = false;
  #begun = false;
  #incomparable = false;
  #comparison: Comparison | undefined;
  #isWhole: Opened['isWhole'] = () => false;

  constructor(about: Remembered, options: MemoryOptions) {
    this.#about = about;
    this.#options = options;
  }

  /** Told of each host that the input has and that gets no unit. */
  readonly onSilentHost: OnSilentHost = (address, reason) => {
    const { table } = this.#state ?? {};
    const host = table?.find(address) ?? -1;
    if (host >= 0) table?.set(host, reason === 'excluded' ? MARKS.excluded : MARKS.silentNow);
  };

  /** The same stream without what the Management Center has, and in the end what clears hosts that are gone. */
  async *choose(stream: CommandStream, opened: Opened): CommandStream {
    const { directory, log } = this.#options;
    this.#isWhole = opened.isWhole;
    this.#state = readState(directory, this.#about.source, log);
    if (opened.incomparable !== undefined) {
      this.#incomparable = true;
      this.#decide(opened.incomparable);
      this.#begin();
      yield* stream;
      return;
    }
    for await (const parts of stream) {
      const chosen: CommandPart[] = [];
      for (const part of parts) {
        // Not yield*, which awaits: before most parts nothing has to go on.
        for (const earlier of this.#take(part, chosen)) yield earlier;
      }
      if (chosen.length > 0) yield this.#passedOn(chosen);
    }
    this.#decide();
    yield* this.#decideWaiting();
    yield* this.#conclude(opened);
  }

  /** @param addresses of units that are acknowledged without a complaint, in their order; undefined: all are */
  readonly onAcknowledged = (addresses: readonly string[] | undefined): void => {
    const { table } = this.#state ?? {};
    if (!table) return;
    if (addresses === undefined) table.clearOutstanding();
    for (const address of addresses ?? []) {
      const host = table.find(address) ?? -1;
      const left = table.outstanding(host);
      if (left > 0) table.setOutstanding(host, left - 1);
    }
  };

  /** Whether a host has findings that it did not have last time; undefined: that is not known. */
  readonly hasGained = (address: string): boolean | undefined => this.#comparison?.hasGained(address);

  /** To be called when the input's delivery has ended, however it did. Never rejects. */
  async finish(end: DeliveryEnd): Promise<void> {
    const state = this.#state;
    try {
      if (state && this.#decided) await this.#write(state);
    } catch (error) {
      const { message } = new StateNotWrittenError(happenedIn(error));
      this.concerns.push(message);
      this.#options.log.warning('changes.lost', message);
    } finally {
      state?.close();
      this.#segments.close();
      this.#held.clear();
      this.#waiting.clear();
    }
    await this.#settleUnsent(end);
  }

  /** What the source has now is in only where nobody should look and it was compared to its end. */
  async #settleUnsent({ isDelivered, unsentFile }: DeliveryEnd): Promise<void> {
    const { unsentFiles, log } = this.#options;
    const { source, isPassing } = this.#about;
    const isWhole =
      isDelivered && this.#comparison !== undefined && this.#isWhole() && this.concerns.length === 0;
    const ended = { source, isPassing, isWhole, unsentFile };
    this.superseded = (await unsentFiles?.settle(ended, log)) ?? [];
  }

  async #write(state: State): Promise<void> {
    const { directory, started, server } = this.#options;
    const { source, isPassing } = this.#about;
    const path = directory.pathOf(source);
    if (path === undefined) return;
    const now = started.toISOString();
    await writeState(path, state, {
      server,
      source,
      isPassing,
      started: now,
      full: this.#full === undefined ? (state.header?.full ?? now) : now,
      everything: this.#incomparable ? state.sequence : state.everything,
      rules: this.#rules(),
      isFull: this.#full !== undefined,
      segments: this.#segments,
      gone: this.#comparison?.accepted ?? new Set(),
      forgets: this.#incomparable,
    });
    directory.end(source);
  }

  /** Gives what has to go on before the part's unit is decided. */
  *#take(part: CommandPart, chosen: CommandPart[]): Generator<CommandPart[]> {
    if (part.kind === 'setting') {
      this.#settings += part.text;
      chosen.push(part);
      return;
    }
    if (!this.#decided) this.#decide();
    const unit = (this.#unit ??= this.#beginUnit(part));
    unit.add(part);
    if (part.findings === 0 && part.text.includes('DeleteScanResult,')) {
      this.#known().table.set(unit.host, MARKS.clears);
    }
    this.#noteTitles(part);
    if (unit.way === 'on') chosen.push(part);
    else if (unit.way === 'waits') this.#waiting.add(part);
    else this.#held.add(part);
    if (!part.ends) return;
    this.#unit = undefined;
    yield* this.#endUnit(unit, chosen);
  }

  #noteTitles({ details = [] }: UnitPart): void {
    for (const { qid, severity, title } of details) {
      if (severity === 5 && this.#titles.size < MOST_TITLES) this.#titles.set(qid, title);
    }
  }

  #beginUnit({ address }: UnitPart): UnitInWork {
    const state = this.#known();
    const { table } = state;
    const host = table.findOrAdd(address);
    // Nothing but the text is known of it then: a source whose units can be compared has addresses alone.
    if (host === undefined) throw new Error(`a unit of '${address}', which is no address`);
    const isFirst = !table.has(host, MARKS.seen);
    if (isFirst && this.#options.delivered?.has(address) === true) table.set(host, MARKS.addsNow);
    table.set(host, MARKS.seen);
    const digest = new UnitDigest();
    if (!isFirst) digest.beginWith(table.digestNow(host));
    const way = this.#wayOf(host, isFirst);
    // From its first part on: of a unit that is cut off the Management Center may have some.
    if (way === 'on') this.#send(host);
    return new UnitInWork(host, address, way, digest);
  }

  /** Whether a unit goes on, waits for the end of the stream, or is decided when it is complete. */
  #wayOf(host: number, isFirst: boolean): UnitInWork['way'] {
    const state = this.#known();
    const { table } = state;
    if (table.has(host, MARKS.waits)) return 'waits';
    const sends = this.#full !== undefined || !table.has(host, MARKS.valid) || state.isStale(host);
    if (sends || !isFirst || table.has(host, MARKS.added) !== table.has(host, MARKS.addsNow)) return 'on';
    return table.units.get(host) > 1 ? 'waits' : 'decided';
  }

  *#endUnit(unit: UnitInWork, chosen: CommandPart[]): Generator<CommandPart[]> {
    const { table } = this.#known();
    const { host } = unit;
    table.unitsNow.set(host, table.unitsNow.get(host) + 1);
    table.setDigestNow(host, unit.digest.end());
    if (unit.way === 'decided' && table.sameDigest(host)) {
      this.#spare(host, unit.address, unit.findings.length > 0);
      this.#held.clear();
      return;
    }
    const segment = table.segment(host);
    const added = this.#segments.add(unit.findings, segment);
    if (added !== segment) table.setSegment(host, added);
    if (unit.way === 'waits') {
      table.set(host, MARKS.waits);
      return;
    }
    if (unit.way === 'on') return;
    this.#send(host);
    if (chosen.length > 0) yield this.#passedOn(chosen.splice(0));
    for (const parts of inBatches(this.#held.read())) yield this.#passedOn(parts);
    this.#held.clear();
  }

  #spare(host: number, address: string, hasFindings: boolean): void {
    this.#known().table.set(host, MARKS.spared);
    this.spared++;
    // The Management Center has its findings: what later templates say of it adds to them.
    if (hasFindings) this.#options.delivered?.add(address);
  }

  #send(host: number): void {
    const { table } = this.#known();
    table.set(host, MARKS.sent);
    table.setOutstanding(host, table.outstanding(host) + 1);
  }

  /** Before the first unit goes on. */
  #passedOn(parts: CommandPart[]): CommandPart[] {
    if (parts.some(({ kind }) => kind === 'unit')) this.#begin();
    return parts;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#options.directory.begin(this.#about.source, this.#known().sequence);
  }

  *#decideWaiting(): Generator<CommandPart[]> {
    const { table } = this.#known();
    const sent: UnitPart[] = [];
    let size = 0;
    let begins = true;
    for (const part of this.#waiting.read()) {
      const isFirst = begins;
      begins = part.ends;
      const host = table.find(part.address) ?? -1;
      if (table.sameDigest(host)) {
        if (!table.has(host, MARKS.spared)) this.#spare(host, part.address, part.findings > 0);
        else if (part.findings > 0) this.#options.delivered?.add(part.address);
        continue;
      }
      sent.push(part);
      size += part.text.length;
      if (isFirst) this.#send(host);
      if (size < PART_SIZE) continue;
      yield this.#passedOn(sent.splice(0));
      size = 0;
    }
    if (sent.length > 0) yield this.#passedOn(sent);
  }

  /** The stream has come to its end: what is gone, and what is different. */
  *#conclude({ isWhole }: Opened): Generator<CommandPart[]> {
    const state = this.#known();
    const { log, force } = this.#options;
    const comparison = new Comparison(state, this.#segments, this.#about.changeRules);
    this.#comparison = comparison;
    const tooManyGone = comparison.judgeGone(isWhole(), force, log);
    if (tooManyGone !== undefined) this.concerns.push(tooManyGone);
    if (!this.#about.isPassing) comparison.tellLeft(log);
    this.changes = comparison.changes(this.#full);
    const otherRules = rulesThatDiffer(this.#rules(), state.header);
    tellChanges(this.changes, otherRules, (qid) => this.#titles.get(qid), log);
    // All of them before the first: none is forgotten where the rest is not asked for any more.
    for (const host of comparison.cleared()) this.#send(host);
    for (const parts of inBatches(comparison.clearings())) yield this.#passedOn(parts);
  }

  #decide(because?: string): void {
    if (this.#decided) return;
    this.#decided = true;
    const { changed, started, log } = this.#options;
    const { header, unsure } = this.#known();
    const { fullEveryDays } = this.#about.changeRules;
    this.#full =
      because ??
      (changed
        ? reasonForAll({ header, unsure, rules: this.#rules(), started, fullEveryDays })
        : '-changed is not given');
    if (this.#full === undefined) {
      log.info('changes.choice', `Only what changed since ${header?.started ?? ''} is sent`);
    } else if (changed) log.info('changes.choice', `Everything is sent: ${this.#full}`);
  }

  #rules(): Record<string, string> {
    return { ...this.#about.rules, 'SetSource and the like': this.#settings };
  }

  #known(): State {
    if (!this.#state) throw new Error('the state is not read yet');
    return this.#state;
  }
}

/** Titles that are remembered for the log. */
const MOST_TITLES = 10_000;

function* inBatches(parts: Iterable<UnitPart>): Generator<UnitPart[]> {
  const batch: UnitPart[] = [];
  let size = 0;
  for (const part of parts) {
    batch.push(part);
    size += part.text.length;
    if (size < PART_SIZE) continue;
    yield batch.splice(0);
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
