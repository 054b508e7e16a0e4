import type { ConversionConfig } from './conversion-config.ts';
import type { ConversionCounts } from './counts.ts';
import { plainTextOfHtml } from './plain-text.ts';
import { type GlossaryText, type TextLimits, vulnerabilityText } from './vulnerability-text.ts';

/** A vulnerability as the findings of it need it. */
export interface Vulnerability {
  /** 1 to 5; undefined where the glossary does not say. */
  readonly severity: number | undefined;
  readonly title: string;
  readonly lineEnd: string | undefined;
  readonly hasCve: boolean;
  /** Whether one of its CVE ids is in kev_file. */
  readonly knownExploited: boolean;
  /** Why its findings are left out, whatever host has them. */
  readonly leftOut: Against | undefined;
}

type Against = Extract<keyof ConversionCounts['findings']['leftOut'], 'qid' | 'noCve' | 'notExploited'>;

/** What of the configuration rules a vulnerability. */
export type VulnerabilityChoice = Pick<
  ConversionConfig,
  'onlyQids' | 'excludeQids' | 'withCveOnly' | 'knownExploited' | 'onlyKev'
>;

/** The glossary in the form in which it is sent: its memory does not grow with the length of its texts. */
export class Vulnerabilities {
  /** QIDs that were asked for and are not in the glossary. */
  readonly missing = new Set<number>();
  charactersDropped = 0;

  readonly #known = new Map<number, Vulnerability>();
  /** Made for missing QIDs, of which a report may name millions. */
  readonly #nameless = new Map<number, Vulnerability>();
  readonly #config: TextLimits & VulnerabilityChoice;

  constructor(config: TextLimits & VulnerabilityChoice) {
    this.#config = config;
  }

  add(qid: number, severity: number | undefined, source: GlossaryText): void {
    this.#known.set(qid, this.#vulnerability(qid, severity, source));
  }

  /** Never fails: what the glossary lacks is called by its QID, and noted as missing. */
  get(qid: number): Vulnerability {
    const known = this.#known.get(qid) ?? this.#nameless.get(qid);
    if (known !== undefined) return known;
    if (this.#nameless.size === MOST_NAMELESS) this.#nameless.clear();
    const made = this.#vulnerability(qid, undefined, NOTHING);
    this.#nameless.set(qid, made);
    if (made.leftOut !== 'qid') this.missing.add(qid);
    return made;
  }

  #vulnerability(qid: number, severity: number | undefined, source: GlossaryText): Vulnerability {
    const title =
      source.title === '' || plainTextOfHtml(source.title).text === '' ? `QID ${qid}` : source.title;
    const { dropped, cves, ...text } = vulnerabilityText({ ...source, title }, this.#config);
    this.charactersDropped += dropped;
    const { knownExploited: exploited } = this.#config;
    const knownExploited = exploited !== undefined && cves.some((id) => exploited.has(id));
    const leftOut = this.#against(qid, cves.length > 0, knownExploited);
    return { severity, ...text, hasCve: cves.length > 0, knownExploited, leftOut };
  }

  #against(qid: number, hasCve: boolean, knownExploited: boolean): Against | undefined {
    const { onlyQids, excludeQids, withCveOnly, onlyKev } = this.#config;
    if (onlyQids?.has(qid) === false || excludeQids?.has(qid) === true) return 'qid';
    if (withCveOnly && !hasCve) return 'noCve';
    return onlyKev && !knownExploited ? 'notExploited' : undefined;
  }
}

/** Entries kept; then they are made anew. */
const MOST_NAMELESS = 16_384;

const NOTHING: GlossaryText = { title: '', threat: '', cves: [], bugtraqs: [] };
