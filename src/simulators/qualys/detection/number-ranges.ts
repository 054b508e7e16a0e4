/** The form of a list of numbers and ranges: `1,4-7`. */
export const NUMBER_RANGES = /^\d{1,12}(?:-\d{1,12})?(?:,\d{1,12}(?:-\d{1,12})?)*$/;

/** Numbers and ranges, as a parameter lists them. */
export class NumberRanges {
  readonly #ranges: readonly (readonly [number, number])[];

  constructor(list: string) {
    this.#ranges = list.split(',').map((item) => {
      const [first = '', last = first] = item.split('-');
      return [Number(first), Number(last)];
    });
  }

  /** How many numbers they are. */
  get size(): number {
    return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  has(number: number): boolean {
    return this.#ranges.some(([first, last]) => first <= number && number <= last);
  }
}
