import { plainTextOfHtml } from './plain-text.ts';
import { type GlossaryText, type TextLimits, vulnerabilityText } from './vulnerability-text.ts';

/** A vulnerability as the findings of it need it. */
export interface Vulnerability {
  /** 1 to 5; undefined where the glossary does not say. */
  readonly severity: number | undefined;
  readonly title: string;
  readonly lineEnd: string | undefined;
  readonly hasCve: boolean;
}

/** The glossary in the form in which it is sent: its memory does not grow with the length of its texts. */
export class Vulnerabilities {
  /** QIDs that were asked for and are not in the glossary. */
  readonly missing = new Set<number>();
  charactersDropped = 0;

  readonly #known = new Map<number, Vulnerability>();
  /** Made for missing QIDs, of which a report may name millions. */
  readonly #nameless = new Map<number, Vulnerability>();
  readonly #limits: TextLimits;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  add(qid: number, severity: number | undefined, source: GlossaryText): void {
    this.#known.set(qid, this.#vulnerability(qid, severity, source));
  }

  /** Never fails: what the glossary lacks is called by its QID, and noted as missing. */
  get(qid: number): Vulnerability {
    const known = this.#known.get(qid) ?? this.#nameless.get(qid);
    if (known !== undefined) return known;
    this.missing.add(qid);
    if (this.#nameless.size === MOST_NAMELESS) this.#nameless.clear();
    const made = this.#vulnerability(qid, undefined, NOTHING);
    this.#nameless.set(qid, made);
    return made;
  }

  #vulnerability(qid: number, severity: number | undefined, source: GlossaryText): Vulnerability {
    const title =
      source.title === '' || plainTextOfHtml(source.title).text === '' ? `QID ${qid}` : source.title;
    const { dropped, ...text } = vulnerabilityText({ ...source, title }, this.#limits);
    this.charactersDropped += dropped;
    return { severity, ...text };
  }
}

/** Entries kept; then they are made anew. */
const MOST_NAMELESS = 16_384;

const NOTHING: GlossaryText = { title: '', threat: '', cves: [], bugtraqs: [] };
