/** The hosts as the page carries them: what writes it and the script in it agree on this. */

/** Texts that come often are given by their places in `words`; zeros at the end of the counts are left out. */
export type HostRow = readonly [
  address: string,
  name: string,
  operatingSystem: number,
  source: number,
  ...counts: number[],
];

export interface HostData {
  readonly operatingSystems: readonly string[];
  readonly sources: readonly string[];
  readonly rows: readonly HostRow[];
  /** Places of the rows that have findings which were not there last time; absent: that is not known. */
  readonly gained?: readonly number[];
}
