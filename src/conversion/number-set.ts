/** A set of positive whole numbers up to 2^53, eight bytes each and as much again free: a `Set` takes five times that. */
export class NumberSet {
  #slots = new Float64Array(64);
  #size = 0;

  /** False when it was there already. `number` is at least 1. */
  add(number: number): boolean {
    const slot = find(this.#slots, number);
    if (this.#slots[slot] === number) {
      return false;
    }
    this.#slots[slot] = number;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) {
      this.#grow();
    }
    return true;
  }

  clear(): void {
    // Clearing what one huge host left behind would cost every host after it.
    if (this.#slots.length > 1024) {
      this.#slots = new Float64Array(64);
    } else {
      this.#slots.fill(0);
    }
    this.#size = 0;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const number of this.#slots) {
      if (number !== 0) {
        larger[find(larger, number)] = number;
      }
    }
    this.#slots = larger;
  }
}

/** The slot that holds the number, or the free one where it belongs. */
function find(slots: Float64Array, number: number): number {
  const high = Math.floor(number / 0x1_0000_0000);
  const mixed = Math.imul((number | 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  const mask = slots.length - 1;
  let slot = (mixed ^ (mixed >>> 15)) & mask;
  while (slots[slot] !== 0 && slots[slot] !== number) {
    slot = (slot + 1) & mask;
  }
  return slot;
}
