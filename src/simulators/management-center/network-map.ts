/** One finding as the map holds it. */
export interface ScanResult {
  readonly vulnerability: string;
  readonly port: string;
  readonly protocol: string;
  readonly name: string;
  readonly description: string;
  readonly cveIds: readonly string[];
  readonly bugtraqIds: readonly string[];
}

export interface MappedHost {
  mac: string | undefined;
  attributes: Record<string, string>;
  operatingSystem: readonly string[] | undefined;
  /** By `port/protocol`. */
  services: Record<string, readonly string[]>;
  clientApplications: string[];
  protocols: string[];
  fixes: string[];
  /** Scanner's name, then the finding's key. */
  results: Record<string, Record<string, ScanResult>>;
}

/** Plain data, with its keys in order: two maps are equal when their JSON is. */
export interface NetworkMapData {
  readonly hosts: Record<string, MappedHost>;
  readonly attributes: Record<string, string>;
}

/** What waits on a connection for its ScanFlush or ScanUpdate. */
export type WaitingChange =
  | { readonly kind: 'add'; readonly address: string; readonly scanner: string; readonly result: ScanResult }
  | {
      readonly kind: 'delete';
      readonly address: string;
      readonly matches: (scanner: string, result: ScanResult) => boolean;
    };

/** Hosts, their attributes, and the findings of every scanner: what a Management Center keeps. */
export class NetworkMap {
  readonly #hosts = new Map<string, MappedHost>();
  readonly #attributes = new Map<string, string>();

  /** @param attributes names of host attributes that an administrator has made */
  constructor(attributes: readonly string[] = []) {
    this.#attributes.set('criticality', 'list');
    for (const name of attributes) this.#attributes.set(name, 'text');
  }

  /** The host, made when it is not there yet. */
  host(address: string): MappedHost {
    const known = this.#hosts.get(address);
    if (known) return known;
    const made: MappedHost = {
      mac: undefined,
      attributes: {},
      operatingSystem: undefined,
      services: {},
      clientApplications: [],
      protocols: [],
      fixes: [],
      results: {},
    };
    this.#hosts.set(address, made);
    return made;
  }

  deleteHost(address: string): void {
    this.#hosts.delete(address);
  }

  defineAttribute(name: string, type: string): void {
    this.#attributes.set(name, type);
  }

  deleteAttribute(name: string): void {
    this.#attributes.delete(name);
    for (const host of this.#hosts.values()) Reflect.deleteProperty(host.attributes, name);
  }

  knowsAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  /** ScanFlush: what a scanner had found on the hosts concerned goes; the waiting findings stay alone. */
  flush(waiting: readonly WaitingChange[]): void {
    for (const change of waiting) {
      if (change.kind === 'add') Reflect.deleteProperty(this.host(change.address).results, change.scanner);
    }
    this.update(waiting.filter((change) => change.kind === 'add'));
  }

  /** ScanUpdate: the waiting changes are merged in their order. */
  update(waiting: readonly WaitingChange[]): void {
    for (const change of waiting) {
      if (change.kind === 'add') {
        (this.host(change.address).results[change.scanner] ??= {})[resultKey(change.result)] = change.result;
      } else this.#deleteResults(change);
    }
  }

  toData(): NetworkMapData {
    return sorted({
      hosts: Object.fromEntries(this.#hosts),
      attributes: Object.fromEntries(this.#attributes),
    });
  }

  #deleteResults(change: Extract<WaitingChange, { kind: 'delete' }>): void {
    const results = this.#hosts.get(change.address)?.results ?? {};
    for (const [scanner, found] of Object.entries(results)) {
      for (const [key, result] of Object.entries(found)) {
        if (change.matches(scanner, result)) Reflect.deleteProperty(found, key);
      }
      if (Object.keys(found).length === 0) Reflect.deleteProperty(results, scanner);
    }
  }
}

/** The same vulnerability on another port is another finding; one without an id goes by its name. */
function resultKey(result: ScanResult): string {
  return `${result.vulnerability || result.name} ${result.port}/${result.protocol}`;
}

/** A copy whose objects all have their keys in order. */
function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => sorted(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]: [string, unknown]) => [key, sorted(item)])) as T;
}
