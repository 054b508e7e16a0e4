import { ConnectorError } from './connector-error.ts';

/** One line of -test. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what failed and what to do. */
  readonly detail: string;
}

/** A step as one line: what it found, or the failure that a user can mend. */
export async function checkOf(name: string, step: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, detail: await step() };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { name, ok: false, detail: error.message };
  }
}
