import type { ExitCode } from './exit-code.ts';

/** Stable code, by room: QC1xxx command line and log, QC2xxx configuration, QC3xxx Qualys, QC4xxx report,
 *  QC5xxx certificate file and Management Center, QC6xxx files written, QC7xxx runs and batches. */
export type Code = `QC${number}`;

export interface FailureOptions extends ErrorOptions {
  /** The peer that it is about, where there is one: a host name or an address. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** What happened and what to do about it, each in whole sentences, and what a program may want to know. */
export type Words = readonly [happened: string, advice: string, options?: FailureOptions | undefined];

/**
 * A failure that the user can do something about. `message` is the whole text that is shown: what happened, what to
 * do, and the stable code. Who speaks of one failure inside another takes its `happened`.
 */
export abstract class ConnectorError extends Error {
  readonly code: Code;
  readonly exitCode: ExitCode;
  readonly happened: string;
  readonly advice: string;
  readonly address: string | undefined;
  readonly port: number | undefined;

  constructor(code: Code, exitCode: ExitCode, [happened, advice, options = {}]: Words) {
    // A list ends in a line end of its own.
    const gap = happened.endsWith('\n') ? '' : ' ';
    const { cause, address, port } = options;
    super(`${happened}${gap}${advice} [${code}]`, cause === undefined ? undefined : { cause });
    this.name = new.target.name || 'ConnectorError';
    this.code = code;
    this.exitCode = exitCode;
    this.happened = happened;
    this.advice = advice;
    this.address = address;
    this.port = port;
  }
}

/**
 * Makes the kinds of failure of a room that end a run with the same exit code: each a class of its own, in as many
 * lines as it has words.
 */
export function failures(exitCode: ExitCode) {
  return <About extends readonly unknown[]>(code: Code, words: (...about: About) => Words) =>
    class extends ConnectorError {
      constructor(...about: About) {
        super(code, exitCode, words(...about));
      }
    };
}

/** What happened, in a sentence, for another failure or a log line that speaks of this one. */
export function happenedIn(error: unknown): string {
  if (error instanceof ConnectorError) return error.happened;
  return error instanceof Error ? `${error.message}.` : String(error);
}
