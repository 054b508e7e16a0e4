import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

/** Another run for the same server and templates is going on. */
export class AlreadyRunningError extends ConnectorError {
  constructor(job: string, holder: { readonly pid: number; readonly since: string } | undefined) {
    const who = holder ? `process ${holder.pid} since ${holder.since}` : 'another process';
    super(
      'QC7001',
      ExitCode.alreadyRunning,
      `Another run for ${job} is going on: ${who}.`,
      'Let it end, or wait for it with -wait=SECONDS.',
    );
  }
}
