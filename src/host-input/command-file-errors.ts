import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

export class InputFilenameRequiredError extends ConnectorError {
  constructor() {
    super('QC4500', ExitCode.failed, 'Input filename is required.', 'Name the file with -plugininfo=FILE.');
  }
}

export class CommandFileUnreadableError extends ConnectorError {
  constructor(path: string, cause: NodeJS.ErrnoException) {
    const reason =
      cause.code === 'ENOENT'
        ? 'it does not exist'
        : cause.code === 'EACCES'
          ? 'permission denied'
          : (cause.code ?? cause.message);
    super(
      'QC4501',
      ExitCode.failed,
      `Unable to open '${path}' for reading: ${reason}.`,
      'Check the path in -plugininfo=FILE and its permissions.',
      { cause },
    );
  }
}

export class NotARegularFileError extends ConnectorError {
  constructor(path: string) {
    super(
      'QC4502',
      ExitCode.failed,
      `'${path}' is not a regular file, and a command file is read twice: to check it, then to send it.`,
      'Write the commands to a file and name it with -plugininfo=FILE.',
    );
  }
}

export class CommandFileRefusedError extends ConnectorError {
  /**
   * @param problems `line 3: ...`, the first few
   * @param count of all of them
   * @param forceable false when some lines cannot be sent at all
   */
  constructor(path: string, problems: readonly string[], count: number, forceable: boolean) {
    const list = problems.map((problem) => `\n  ${problem}`).join('');
    const more = count > problems.length ? `\n  (and ${count - problems.length} more)` : '';
    super(
      'QC4503',
      ExitCode.failed,
      `The command file '${path}' has ${count} bad ${count === 1 ? 'line' : 'lines'}; nothing was sent:${list}${more}\n`,
      forceable
        ? 'Correct the file, or send it as it is with -force.'
        : 'Correct the file; a line that is too long cannot be sent, not even with -force.',
    );
  }
}

export class CommandFileChangedError extends ConnectorError {
  constructor(path: string) {
    super(
      'QC4504',
      ExitCode.failed,
      `The command file '${path}' was changed while it was being read.`,
      'Wait until the program that writes it is done, then run again.',
    );
  }
}
