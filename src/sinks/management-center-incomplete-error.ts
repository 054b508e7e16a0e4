import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

/** Not everything is in the Management Center, and no further try will be made. */
export class DeliveryIncompleteError extends ConnectorError {
  /**
   * @param cause what stopped the delivery
   * @param delivered hosts that are in
   * @param unsent hosts that are not
   * @param unsentFile holds what is not in; undefined when nothing was left
   */
  constructor(cause: unknown, delivered: number, unsent: number, unsentFile: string | undefined) {
    super(
      'QC5507',
      ExitCode.usageOrUnreachable,
      `Not everything was delivered: ${delivered} hosts are in, ${unsent} are not. ` +
        (cause instanceof Error ? cause.message : String(cause)),
      unsentFile === undefined
        ? 'Run again.'
        : `What is not in was kept in ${unsentFile}. When the cause is gone, run again, or send that file with ` +
            'the csv plugin (-plugininfo=FILE csv).',
      { cause },
    );
  }
}
