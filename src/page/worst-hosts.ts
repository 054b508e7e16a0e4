import { type FindingCounts, KINDS, SEVERITIES } from './severities.ts';

/** A host as the page shows it. */
export interface SeenHost {
  /** The place of its input in the run. */
  readonly input: number;
  readonly address: string;
  readonly name: string;
  readonly operatingSystem: string;
  readonly counts: FindingCounts;
  /** All of them, also those of which only the number is known. */
  readonly findings: number;
  /** Whether it has findings that it did not have last time; undefined: that is not known. */
  hasGained?: boolean | undefined;
}

/** Negative when `a` is worse: more confirmed findings of severity 5, else of 4 and so on, then potential ones, then all. */
function byGravity(a: SeenHost, b: SeenHost): number {
  for (const kind of KINDS) {
    for (const severity of SEVERITIES) {
      const difference = (b.counts[kind][severity] ?? 0) - (a.counts[kind][severity] ?? 0);
      if (difference !== 0) return difference;
    }
  }
  return b.findings - a.findings;
}

/** Keeps the worst of any number of hosts, in memory for twice as many. */
export class WorstHosts {
  readonly #most: number;
  #hosts = new Map<string, SeenHost>();
  /** The mildest that was kept when there were too many: what is no worse is not taken any more. */
  #mildest: SeenHost | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** What comes again, of the same input and address, is one host. */
  add(host: SeenHost): void {
    const key = keyOf(host);
    const known = this.#hosts.get(key);
    if (known) this.#hosts.set(key, together(known, host));
    else if (!this.#mildest || byGravity(host, this.#mildest) < 0) this.#hosts.set(key, withOwnTexts(host));
    if (this.#hosts.size >= 2 * this.#most) this.#cut();
  }

  /** The worst first. */
  list(): SeenHost[] {
    return [...this.#hosts.values()].sort(byGravity).slice(0, this.#most);
  }

  /** Of one input. */
  noteGained(input: number, hasGained: (address: string) => boolean | undefined): void {
    for (const host of this.#hosts.values()) {
      if (host.input === input && host.hasGained !== true) host.hasGained = hasGained(host.address);
    }
  }

  /** Hosts of one input. */
  forget(input: number): void {
    for (const [key, host] of this.#hosts) if (host.input === input) this.#hosts.delete(key);
  }

  #cut(): void {
    const kept = this.list();
    this.#hosts = new Map(kept.map((host) => [keyOf(host), host]));
    this.#mildest = kept.at(-1);
  }
}

function keyOf({ input, address }: SeenHost): string {
  return `${input} ${address}`;
}

function together(a: SeenHost, b: SeenHost): SeenHost {
  const added = KINDS.map((kind) => [
    kind,
    a.counts[kind].map((count, severity) => count + (b.counts[kind][severity] ?? 0)),
  ]);
  const counts = Object.fromEntries(added) as SeenHost['counts'];
  return { ...a, name: a.name || b.name, counts, findings: a.findings + b.findings };
}

function withOwnTexts(host: SeenHost): SeenHost {
  const { address, name, operatingSystem } = host;
  return {
    ...host,
    address: ownText(address),
    name: ownText(name),
    operatingSystem: ownText(operatingSystem),
  };
}

/** Texts that were cut out of a report would keep the whole of it in memory. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
