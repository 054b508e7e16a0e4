import type { ExitCode } from './exit-code.ts';

/**
 * A failure that the user can do something about. Every kind of it is a small class of its own.
 * `message` is the whole text that is shown: what happened, what to do, and the stable code.
 */
export abstract class ConnectorError extends Error {
  /** Stable code, by room: QC1xxx command line and log, QC2xxx configuration, QC3xxx Qualys, QC4xxx report,
   *  QC5xxx certificate file and Management Center, QC6xxx files written, QC7xxx runs and batches. */
  readonly code: `QC${number}`;
  readonly exitCode: ExitCode;

  constructor(
    code: `QC${number}`,
    exitCode: ExitCode,
    whatHappened: string,
    whatToDo: string,
    options?: ErrorOptions,
  ) {
    // A list ends in a line end of its own.
    const gap = whatHappened.endsWith('\n') ? '' : ' ';
    super(`${whatHappened}${gap}${whatToDo} [${code}]`, options);
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
  }
}
