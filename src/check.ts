import { ConnectorError } from './connector-error.ts';

/** One line of -test. */
export interface Check {
  readonly name: string;
  /** The Management Center that it is about, where there are several: `host:port`. */
  readonly server?: string;
  readonly ok: boolean;
  /** What was found, or what failed and what to do. */
  readonly detail: string;
}

/** The same steps, told to be about one of several servers. */
export async function* stepsOf(
  server: string | undefined,
  steps: AsyncIterable<Check>,
): AsyncGenerator<Check> {
  for await (const step of steps) yield server === undefined ? step : { ...step, server };
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
