import type { UnitPart } from '../host-input/command-stream.ts';
import type { Log } from '../log/log.ts';
import { grouped } from '../text/grouped.ts';
import type { ChangeRules } from './change-rules.ts';
import type { Changes } from './changes.ts';
import { TooManyGoneError } from './errors.ts';
import type { FindingSegments } from './finding-segments.ts';
import { compareFindings, severityOf } from './findings.ts';
import { GravestFindings } from './gravest-findings.ts';
import { MARKS } from './host-table.ts';
import type { State } from './read-state.ts';

type Kind = 'new' | 'changed' | 'unchanged' | 'gone';
type Severities = Record<keyof Changes['findings']['newBySeverity'], number>;

/** Hosts that changed, or are gone, and are named. */
const MOST_NAMED = 20;

/** What is different in an input that was read to its end. */
export class Comparison {
  /** Hosts that are gone, by their numbers, where that is taken as meant. */
  accepted: ReadonlySet<number> = new Set();
  readonly #state: State;
  readonly #segments: FindingSegments;
  readonly #rules: ChangeRules;
  readonly #gravest = new GravestFindings();
  #gone: number[] = [];

  constructor(state: State, segments: FindingSegments, rules: ChangeRules) {
    this.#state = state;
    this.#segments = segments;
    this.#rules = rules;
  }

  /**
   * @param isWhole whether the input has all hosts of its source
   * @param force however many are gone, it is meant
   * @returns why somebody should look: so many are gone
   */
  judgeGone(isWhole: boolean, force: boolean, log: Log): string | undefined {
    const { table, known } = this.#state;
    if (!isWhole) {
      log.info('changes.partial', 'Which hosts are gone is not told: some of the report were errors');
      return undefined;
    }
    let before = 0;
    for (let host = 0; host < known; host++) {
      if (table.has(host, MARKS.gone | MARKS.excluded)) continue;
      before++;
      if (!table.has(host, MARKS.seen | MARKS.silentNow)) this.#gone.push(host);
    }
    for (const host of this.#gone) {
      if (log.level >= 3) log.debug('changes.gone', `Host ${table.address(host)} is gone`);
    }
    const { goneLimit } = this.#rules;
    const percent = before === 0 ? 0 : (this.#gone.length * 100) / before;
    if (percent <= goneLimit || force) {
      this.accepted = new Set(this.#gone);
      return undefined;
    }
    const shown = Math.round(percent * 10) / 10;
    const { message } = new TooManyGoneError(this.#gone.length, before, shown, goneLimit);
    log.warning('changes.gone', message);
    return message;
  }

  /** Says of how many hosts findings stay that nothing replaces any more, when that is newly so. */
  tellLeft(log: Log): void {
    const { table, known } = this.#state;
    let hosts = 0;
    let findings = 0;
    for (let host = 0; host < known; host++) {
      if (!this.#isLeft(host)) continue;
      const count = table.findings.get(host);
      if (count > 0) hosts++;
      findings += count;
    }
    if (hosts === 0) return;
    const left =
      hosts === 1
        ? '1 host has nothing left to import: its'
        : `${grouped(hosts)} hosts have nothing left to import: their`;
    const stay = findings === 1 ? '1 earlier finding stays' : `${grouped(findings)} earlier findings stay`;
    log.warning(
      'changes.left',
      `${left} ${stay} on the Management Center. clear_clean_hosts: y takes ${findings === 1 ? 'it' : 'them'} away.`,
    );
  }

  /** Whether the input has the host, and no finding of it, and nothing that takes earlier ones away. */
  #isLeft(host: number): boolean {
    const { table } = this.#state;
    // What another source has of it may replace them.
    if (table.has(host, MARKS.gone | MARKS.elsewhere | MARKS.spared | MARKS.clears)) return false;
    return table.has(host, MARKS.seen) ? table.segment(host) === 0 : table.has(host, MARKS.silentNow);
  }

  /** Hosts that are gone, of which nothing is to be left. */
  *cleared(): Generator<number> {
    if (!this.#rules.clearGoneHosts) return;
    for (const host of this.accepted) {
      // What another source has found on it is to stay.
      if (!this.#state.table.has(host, MARKS.elsewhere)) yield host;
    }
  }

  /** Units that take away what is left of them. */
  *clearings(): Generator<UnitPart> {
    for (const host of this.cleared()) {
      const address = this.#state.table.address(host);
      const text = `DeleteScanResult,${address},"QualysGuard"\nScanUpdate\n`;
      yield { kind: 'unit', address, text, commands: 2, findings: 0, ends: true };
    }
  }

  /** @param full why everything is sent */
  changes(full: string | undefined): Changes {
    const { table, header } = this.#state;
    const hosts: Record<Kind, number> = { new: 0, changed: 0, unchanged: 0, gone: this.#gone.length };
    const added = noSeverities();
    const gone = noSeverities();
    const changed: number[] = [];
    for (let host = 0; host < table.length; host++) {
      const kind = this.#kindOf(host);
      if (kind === undefined) continue;
      hosts[kind]++;
      if (kind === 'changed' && changed.length < MOST_NAMED) changed.push(host);
      if (kind !== 'unchanged') this.#compareFindings(host, added, gone);
    }
    for (const host of this.#gone) this.#compareFindings(host, added, gone);
    return {
      since: header?.started ?? null,
      full: full ?? null,
      hosts,
      findings: {
        new: sumOf(added),
        gone: sumOf(gone),
        newBySeverity: added,
        goneBySeverity: gone,
      },
      // The first time everything is new.
      newFindings: header ? this.#gravest.list() : [],
      changedHosts: changed.map((host) => table.address(host)),
      goneHosts: this.#gone.slice(0, MOST_NAMED).map((host) => table.address(host)),
    };
  }

  /** Undefined: the input does not have it, or says nothing of it and did not last time. */
  #kindOf(host: number): Kind | undefined {
    const { table } = this.#state;
    if (!table.has(host, MARKS.seen)) {
      return !table.has(host, MARKS.silentNow) || table.has(host, MARKS.gone)
        ? undefined
        : table.has(host, MARKS.silent)
          ? 'unchanged'
          : 'changed';
    }
    if (!table.has(host, MARKS.known) || table.has(host, MARKS.gone)) return 'new';
    return table.sameDigest(host) && !table.has(host, MARKS.silent) ? 'unchanged' : 'changed';
  }

  /** After changes(): whether a host has findings that it did not have last time; undefined: there was no last time. */
  hasGained(address: string): boolean | undefined {
    const { header, table } = this.#state;
    const host = table.find(address) ?? -1;
    return header && host >= 0 && table.has(host, MARKS.gained);
  }

  #compareFindings(host: number, added: Severities, gone: Severities): void {
    const { table } = this.#state;
    const now = this.#segments.read(table.segment(host));
    const before = this.#state.findings(host);
    // What was spared of it is what was there before.
    const all = table.has(host, MARKS.spared) ? joined(before, now) : now;
    const different = compareFindings(before, all);
    for (const finding of different.gone) gone[nameOf(finding)]++;
    if (different.added.length > 0) table.set(host, MARKS.gained);
    for (const finding of different.added) {
      added[nameOf(finding)]++;
      this.#gravest.note(finding, () => table.address(host));
    }
  }
}

function joined(some: Float64Array, others: Float64Array): Float64Array {
  const all = new Float64Array(some.length + others.length);
  all.set(some);
  all.set(others, some.length);
  return all;
}

function noSeverities(): Severities {
  return { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0, unknown: 0 };
}

function nameOf(finding: number): keyof Severities {
  const severity = severityOf(finding);
  return severity === 0 ? 'unknown' : (String(severity) as keyof Severities);
}

function sumOf(severities: Severities): number {
  return Object.values(severities).reduce((sum, count) => sum + count, 0);
}
