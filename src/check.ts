/** One line of -test. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what failed and what to do. */
  readonly detail: string;
}
