import type { ConnectorError } from '../../connector-error.ts';
import { TransientError } from '../retry/transient.ts';

/** Good answers in a row before more is asked for, at most. */
const MOST_PATIENCE = 16;
/** Troubles of one alone, with which it is given up. */
const LAST_TRIES = 2;

/**
 * How much is asked for at once: halved where it comes too late or keeps coming broken, and doubled again after some
 * that came well.
 */
export class Portion {
  readonly #full: number;
  #size: number;
  /** Good answers in a row; each halving asks for more of them. */
  #good = 0;
  #patience = 1;
  /** Troubles in a row. */
  #troubles = 0;
  /** Those of one alone. */
  #alone = 0;

  constructor(full: number) {
    this.#full = full;
    this.#size = full;
  }

  get size(): number {
    return this.#size;
  }

  wentWell(): void {
    this.#troubles = 0;
    this.#alone = 0;
    this.#good++;
    if (this.#size === this.#full || this.#good < this.#patience) return;
    this.#size = Math.min(this.#full, this.#size * 2);
    this.#good = 0;
  }

  /** Asks for half of `asked` from now on, as one of them is refused. */
  shrink(asked: number): void {
    this.#size = Math.ceil(asked / 2);
    this.#good = 0;
  }

  /**
   * Takes note of what went wrong.
   * @param alone makes the error for one that does not come by itself
   * @returns what to throw in its place, and whether less is asked for from now on
   */
  failed(error: unknown, alone: (trouble: ConnectorError) => Error): { error: unknown; halved: boolean } {
    if (!(error instanceof TransientError) || !mayBeOfSize(error)) return { error, halved: false };
    this.#troubles++;
    this.#good = 0;
    // What breaks once, and has not been halved for it, may just have broken.
    if (!error.timedOut && this.#troubles === 1) return { error, halved: false };
    if (this.#size > 1) {
      this.#size = Math.ceil(this.#size / 2);
      this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
      this.#alone = 0;
      return { error: error.forNextCall(), halved: true };
    }
    this.#alone++;
    const isHopeless = (error.timedOut || error.ofContents) && this.#alone === LAST_TRIES;
    return { error: isHopeless ? alone(error.last) : error.forNextCall(), halved: false };
  }
}

/** Not what Qualys has not begun with, as by the account's limits, nor its failures and maintenance, nor a page of something in between. */
function mayBeOfSize({ maybeDone, sameAgain, timedOut, ofContents, tries }: TransientError): boolean {
  return maybeDone && !sameAgain && (timedOut || ofContents || tries === Infinity);
}
