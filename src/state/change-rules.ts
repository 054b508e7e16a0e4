/** What rules how an input is compared with last time, and what becomes of hosts that are gone. */
export interface ChangeRules {
  /** After so many days everything is sent. */
  readonly fullEveryDays: number;
  readonly clearGoneHosts: boolean;
  /** Percent of the hosts: when more are gone, that is taken for a mistake. */
  readonly goneLimit: number;
}

/** Where there is no YAML. */
export const DEFAULT_CHANGE_RULES: ChangeRules = { fullEveryDays: 7, clearGoneHosts: false, goneLimit: 20 };

/** The rule that says how long a line may be. */
export const LONGEST_LINE = 'the longest line';
