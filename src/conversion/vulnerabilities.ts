import { plainTextOfHtml } from './plain-text.ts';
import { type GlossaryText, type TextLimits, vulnerabilityText } from './vulnerability-text.ts';

/** A vulnerability as the findings of it need it. */
export interface Vulnerability {
  /** 1 to 5; undefined where the glossary does not say. */
  readonly severity: number | undefined;
  readonly title: string;
  readonly lineEnd: string | undefined;
}

/** The glossary in the form in which it is sent: its memory does not grow with the length of its texts. */
export class Vulnerabilities {
  /** QIDs that were asked for and are not in the glossary. */
  readonly missing = new Set<number>();
  charactersDropped = 0;

  readonly #known = new Map<number, Vulnerability>();
  readonly #limits: TextLimits;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  add(qid: number, severity: number | undefined, source: GlossaryText): void {
    const text = vulnerabilityText(
      { ...source, title: plainTextOfHtml(source.title).text === '' ? `QID ${qid}` : source.title },
      this.#limits,
    );
    this.charactersDropped += text.dropped;
    this.#known.set(qid, { severity, title: text.title, lineEnd: text.lineEnd });
  }

  /** Never fails: what the glossary lacks is called by its QID, and noted as missing. */
  get(qid: number): Vulnerability {
    const known = this.#known.get(qid);
    if (known !== undefined) return known;
    this.missing.add(qid);
    this.add(qid, undefined, { title: '', threat: '', cves: [], bugtraqs: [] });
    return this.get(qid);
  }
}
