import type { CommandStream, FindingDetail, UnitPart } from '../host-input/command-stream.ts';
import { oneLine } from '../text/one-line.ts';
import { type FindingCounts, type Kind, kindOf, noFindings, severityOf, sum } from './severities.ts';
import { ownText, type SeenHost, WorstHosts } from './worst-hosts.ts';

/** Hosts in the table of the page. */
const MOST_HOSTS = 10_000;
/** Hosts that are shown of each input, beside the table. */
const MOST_AFFECTED = 10;
const MOST_FREQUENT = 15;
/** Vulnerabilities that are counted each for itself: more than the KnowledgeBase has. */
const MOST_VULNERABILITIES = 500_000;
/** Characters of a name. */
const LONGEST_NAME = 80;

/** A vulnerability, and how often it was found. */
export interface SeenVulnerability {
  readonly qid: number;
  readonly kind: Kind;
  readonly severity: number;
  readonly title: string;
  readonly hasCve: boolean;
  /** The first of its CVE ids, and how many there are. */
  readonly cves: CveIds;
  findings: number;
  hosts: number;
  /** The number of the last host that it was found on. */
  lastHost: number;
}

export interface CveIds {
  readonly first: readonly string[];
  readonly all: number;
}

/** A vulnerability while it is counted: its ids stand in a text that is there anyway. */
type CountedVulnerability = Omit<SeenVulnerability, 'cves'> & { readonly lineEnd: string | undefined };

/** What is told of a vulnerability by its QID. */
export type KnownVulnerability = Pick<SeenVulnerability, 'title' | 'cves'>;

/** What was seen of one input while it went by, in bounded memory. */
export class InputLook {
  hosts = 0;
  findings = 0;
  /** Whether the source says what its findings are. */
  detailed = false;
  /** Whether the stream was seen to its end. */
  whole = false;
  /** Whether nothing of it comes any more. */
  ended = false;
  readonly findingsBySeverity = noFindings();
  /** Each host once: by its gravest confirmed finding, else by its gravest potential one, else as information. */
  readonly hostsBySeverity = noFindings();
  readonly withCve: Record<Kind, number> = { confirmed: 0, potential: 0, information: 0 };
  readonly affected = new WorstHosts(MOST_AFFECTED);
  /** Different ones, but for information. */
  vulnerabilities = 0;
  /** The most frequent of these first. */
  frequent: readonly SeenVulnerability[] = [];

  readonly #input: number;
  readonly #all: WorstHosts;
  readonly #known = new Map<number, CountedVulnerability>();
  /** Of severity 4 and 5, by QID. */
  readonly #grave = new Map<number, KnownVulnerability>();
  #host: { -readonly [Field in keyof SeenHost]: SeenHost[Field] } | undefined;
  #unitEnded = true;

  /** @param all of the run: hosts are added to it */
  constructor(input: number, all: WorstHosts) {
    this.#input = input;
    this.#all = all;
  }

  see(part: UnitPart): void {
    if (this.#unitEnded && !(part.sameHost && this.#host)) this.#begin(part);
    this.#unitEnded = part.ends;
    if (!this.#host) return;
    this.#host.findings += part.findings;
    this.findings += part.findings;
    for (const detail of part.details ?? []) this.#count(detail, this.#host.counts);
  }

  end(whole: boolean): void {
    this.#endHost();
    this.whole = whole;
    this.ended = true;
    const known = [...this.#known.values()].filter(({ kind }) => kind !== 'information');
    for (const { qid, severity, title, lineEnd } of this.#known.values()) {
      if (severity >= 4) this.#grave.set(qid, { title: ownText(title), cves: cveIdsIn(lineEnd) });
    }
    this.vulnerabilities = known.length;
    this.frequent = known
      .sort(byFrequency)
      .slice(0, MOST_FREQUENT)
      .map(({ lineEnd, ...vulnerability }) => ({ ...vulnerability, cves: cveIdsIn(lineEnd) }));
    this.#known.clear();
  }

  /** Of severity 4 or 5, where it was seen. */
  vulnerability(qid: number): KnownVulnerability | undefined {
    return this.#grave.get(qid);
  }

  #begin({ address, host, details }: UnitPart): void {
    this.#endHost();
    if (details) this.detailed = true;
    this.hosts++;
    this.#host = {
      input: this.#input,
      address,
      name: oneLine(host?.name ?? '', LONGEST_NAME),
      operatingSystem: oneLine(host?.operatingSystem ?? '', LONGEST_NAME),
      counts: noFindings(),
      findings: 0,
    };
  }

  #endHost(): void {
    const host = this.#host;
    if (!host) return;
    this.#host = undefined;
    const worst = worstOf(host.counts);
    if (worst) add(this.hostsBySeverity, ...worst);
    this.affected.add(host);
    this.#all.add(host);
  }

  #count(detail: FindingDetail, ofHost: FindingCounts): void {
    const kind = kindOf(detail.type);
    const severity = severityOf(detail.severity);
    add(ofHost, kind, severity);
    add(this.findingsBySeverity, kind, severity);
    if (detail.hasCve) this.withCve[kind]++;
    const vulnerability = this.#vulnerability(detail, kind, severity);
    if (!vulnerability) return;
    vulnerability.findings++;
    if (vulnerability.lastHost !== this.hosts) vulnerability.hosts++;
    vulnerability.lastHost = this.hosts;
  }

  #vulnerability(
    { qid, title, hasCve, lineEnd }: FindingDetail,
    kind: Kind,
    severity: number,
  ): CountedVulnerability | undefined {
    const key = qid * 4 + KIND_NUMBERS[kind];
    const known = this.#known.get(key);
    if (known || this.#known.size >= MOST_VULNERABILITIES) return known;
    const made = { qid, kind, severity, title, hasCve, lineEnd, findings: 0, hosts: 0, lastHost: 0 };
    this.#known.set(key, made);
    return made;
  }
}

const KIND_NUMBERS: Readonly<Record<Kind, number>> = { confirmed: 0, potential: 1, information: 2 };

/** CVE ids that are shown of a vulnerability. */
const MOST_CVES = 3;

function cveIdsIn(lineEnd = ''): CveIds {
  const [, listed = ''] = /"cve_ids:([^"]*)"/.exec(lineEnd) ?? [];
  const ids = listed.split(' ').filter(Boolean);
  return { first: ids.slice(0, MOST_CVES).map(ownText), all: ids.length };
}

function byFrequency(a: CountedVulnerability, b: CountedVulnerability): number {
  return b.hosts - a.hosts || b.severity - a.severity || b.findings - a.findings || a.qid - b.qid;
}

function worstOf(counts: FindingCounts): readonly [Kind, number] | undefined {
  for (const kind of ['confirmed', 'potential'] as const) {
    const severity = counts[kind].findLastIndex((count) => count > 0);
    if (severity >= 0) return [kind, severity];
  }
  return sum(counts.information) > 0 ? ['information', 0] : undefined;
}

function add(counts: FindingCounts, kind: Kind, severity: number): void {
  counts[kind][severity] = (counts[kind][severity] ?? 0) + 1;
}

/** Looks at the inputs of a run while they go by. */
export class Look {
  readonly #worst = new WorstHosts(MOST_HOSTS);
  readonly #inputs: (InputLook | undefined)[] = [];

  /**
   * The same stream, looked at. What comes again, for another Management Center, is looked at where it broke off before.
   * @param input its place in the run
   */
  async *at(stream: CommandStream, input: number): CommandStream {
    const before = this.#inputs[input];
    if (before && !(before.ended && !before.whole)) {
      yield* stream;
      return;
    }
    if (before) this.#worst.forget(input);
    const look = (this.#inputs[input] = new InputLook(input, this.#worst));
    let whole = false;
    try {
      for await (const parts of stream) {
        for (const part of parts) if (part.kind === 'unit') look.see(part);
        yield parts;
      }
      whole = true;
    } finally {
      look.end(whole);
    }
  }

  /** Undefined: nothing of it went by. */
  of(input: number): InputLook | undefined {
    return this.#inputs[input];
  }

  /** @param hasGained whether a host has findings that it did not have last time; undefined: that is not known */
  noteGained(input: number, hasGained: (address: string) => boolean | undefined): void {
    this.#worst.noteGained(input, hasGained);
  }

  /** The worst hosts of all inputs, the worst first, and the number of all. */
  hosts(): { readonly worst: readonly SeenHost[]; readonly all: number } {
    const all = this.#inputs.reduce((total, look) => total + (look?.hosts ?? 0), 0);
    return { worst: this.#worst.list(), all };
  }
}
