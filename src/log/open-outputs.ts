import { isatty } from 'node:tty';
import { FileOutput } from './file-output.ts';
import type { Output, Rescue } from './output.ts';
import { syslogOutput } from './syslog-output.ts';

export interface OutputOptions {
  readonly syslog: boolean;
  readonly stderr: boolean;
  readonly logfile: string | undefined;
  /** The name in the system log: the plugin's. */
  readonly ident: string;
  /** Writes a line on a terminal that shows progress too (TerminalProgress.around). */
  readonly around?: ((write: () => void) => void) | undefined;
  /** A system log's socket other than the system's; default from QUALYS_CONNECTOR_SYSLOG_SOCKET. */
  readonly syslogSocket?: string | undefined;
}

export interface Outputs {
  readonly all: readonly Output[];
  /** Whether standard output or error is one of them. */
  readonly onConsole: boolean;
}

/**
 * Standard output when nothing else is chosen; standard error also in place of a system log that is not there.
 * @throws LogFileNotWritableError
 */
export function openOutputs(options: OutputOptions, rescue: Rescue): Outputs {
  const { logfile, ident, syslogSocket } = options;
  const outputs: Output[] = [];
  if (logfile !== undefined) outputs.push(new FileOutput(logfile, rescue));
  const socket = syslogSocket ?? process.env.QUALYS_CONNECTOR_SYSLOG_SOCKET;
  const syslog = options.syslog ? syslogOutput({ ident, socket }, rescue) : undefined;
  if (syslog !== undefined) outputs.push(syslog);
  const stderr = options.stderr || (options.syslog && syslog === undefined);
  const onConsole = stderr || outputs.length === 0;
  if (onConsole) outputs.push(consoleOutput(stderr ? 2 : 1, options, rescue));
  return { all: outputs, onConsole };
}

/** Standard output or error; on a terminal the lines keep out of the progress's way. */
function consoleOutput(descriptor: 1 | 2, { around }: OutputOptions, rescue: Rescue): Output {
  const output = new FileOutput(descriptor, rescue);
  if (around === undefined || !isatty(descriptor)) return output;
  return {
    write: (line) => {
      around(() => {
        output.write(line);
      });
    },
    close: () => output.close(),
  };
}
