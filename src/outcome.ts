import { ConnectorError, failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import { errorCode, systemReason } from './files/system-reason.ts';
import { sourceStack } from './log/caller.ts';
import type { Log } from './log/log.ts';

const BY_GRAVITY: readonly ExitCode[] = Object.values(ExitCode);

/** What no room of the program foresaw. */
const ProgramFaultError = failures(ExitCode.failed)('QC9000', (cause: unknown) => [
  `${cause instanceof Error ? cause.message : String(cause)}.`,
  'This is a fault of the program: please report it with a log of -level=3.',
  { cause },
]);

/** Any part of the program may meet it. */
const FilesLimitedError = failures(ExitCode.failed)('QC1404', (cause: unknown) => [
  `More files than this process may open are needed: ${systemReason(cause)}.`,
  'Allow more of them: ulimit -n 1024, or LimitNOFILE=1024 in a unit of systemd.',
  { cause },
]);

/** Whatever was thrown as a failure with a code. */
export function asFailure(error: unknown): ConnectorError {
  if (['EMFILE', 'ENFILE'].includes(errorCode(error))) return new FilesLimitedError(error);
  return error instanceof ConnectorError ? error : new ProgramFaultError(error);
}

export function exitCodeOf(error: unknown): ExitCode {
  return asFailure(error).exitCode;
}

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return BY_GRAVITY[Math.max(0, ...codes.map((code) => BY_GRAVITY.indexOf(code)))] ?? ExitCode.failed;
}

/** Why something failed, as the log tells it. Exit code 2 comes with the original's words. */
export function failureText(error: unknown): string {
  const { exitCode, message } = asFailure(error);
  return exitCode === ExitCode.failed ? `Error detected during run of Host Input Agent: ${message}` : message;
}

/** Logs why something failed. */
export function logFailure(log: Log, error: unknown): void {
  const { code, address, port } = asFailure(error);
  for (const line of failureText(error).split('\n')) log.error('run.failed', line, { code, address, port });
  logStack(log, error);
}

/** The stack of a fault of this program, for its report: at level 3. */
export function logStack(log: Log, error: unknown): void {
  if (error instanceof ConnectorError || !(error instanceof Error)) return;
  for (const line of sourceStack(error.stack ?? '').split('\n')) log.debug('run.stack', line);
}
