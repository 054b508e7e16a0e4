import { ConnectorError } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import type { Log } from './log/log.ts';
import type { Transfer } from './transfer.ts';

/** From the mildest to the gravest. */
const BY_GRAVITY: readonly ExitCode[] = [
  ExitCode.done,
  ExitCode.complaint,
  ExitCode.alreadyRunning,
  ExitCode.usageOrUnreachable,
  ExitCode.failed,
  ExitCode.hungUp,
  ExitCode.interrupted,
  ExitCode.terminated,
];

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof ConnectorError ? error.exitCode : ExitCode.failed;
}

export function exitCodeOfTransfer({ error, delivery }: Transfer): ExitCode {
  if (error !== undefined) return exitCodeOf(error);
  return delivery.complaints > 0 ? ExitCode.complaint : ExitCode.done;
}

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return BY_GRAVITY[Math.max(0, ...codes.map((code) => BY_GRAVITY.indexOf(code)))] ?? ExitCode.failed;
}

/**
 * Logs why something failed. Exit code 2 comes with the original's words. What is no ConnectorError is a fault of
 * this program: its stack is in the log at level 3.
 */
export function logFailure(log: Log, error: unknown): void {
  if (error instanceof ConnectorError) {
    const { code, address, port } = error;
    const prefix =
      error.exitCode === ExitCode.failed ? 'Error detected during run of Host Input Agent: ' : '';
    for (const line of `${prefix}${error.message}`.split('\n')) {
      log.error('run.failed', line, { code, address, port });
    }
    return;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  log.error(
    'run.failed',
    `Error detected during run of Host Input Agent: ${message}. This is a fault of the program: please report it with a log of -level=3. [QC9000]`,
    { code: 'QC9000' },
  );
  for (const line of stack?.split('\n') ?? []) log.debug('run.stack', line);
}
