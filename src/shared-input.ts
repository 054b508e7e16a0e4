import { secondsSince } from './clock.ts';
import type { OpenInput } from './input-plugin.ts';

/** An input that is opened once for all receivers, and closed when the last one has done with it. */
export class SharedInput {
  readonly #opening: Promise<OpenInput>;
  /** Receivers that have not done with it. */
  #left: number;
  #isDelivered: boolean;
  /** That opening it took. */
  seconds = 0;
  isOpen = false;
  /** Failures that the log was told of. */
  readonly told = new Set<unknown>();

  /** @param isWanted by somebody who is not ready for it */
  constructor(opening: Promise<OpenInput>, receivers: number, isWanted: boolean) {
    this.#isDelivered = !isWanted;
    const started = performance.now();
    this.#opening = opening.finally(() => {
      this.seconds = secondsSince(started);
    });
    // Whoever awaits it is told of a failure.
    this.#opening.then(() => (this.isOpen = true)).catch(() => undefined);
    this.#left = receivers;
  }

  opened(): Promise<OpenInput> {
    return this.#opening;
  }

  /** To be called by each receiver, however it went. */
  async done(isDelivered: boolean): Promise<void> {
    this.#isDelivered &&= isDelivered;
    if (--this.#left === 0) await this.#close();
  }

  /** Where not all receivers had their turn. */
  async close(): Promise<void> {
    if (this.#left === 0) return;
    this.#isDelivered = false;
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#left = 0;
    const open = await this.#opening.catch(() => undefined);
    await open?.close(this.#isDelivered);
  }
}
