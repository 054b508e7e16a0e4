import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

export class NoCertificateFileFoundError extends ConnectorError {
  constructor(directories: readonly string[]) {
    super(
      'QC5020',
      ExitCode.failed,
      `There is no certificate file (*.pkcs12, *.p12, *.pfx) in ${directories.join(' or ')}.`,
      'Download it from the Management Center (System > Integration > Host Input Client), and put it there or name ' +
        'it with -pkcs12=.',
    );
  }
}

export class SeveralCertificateFilesError extends ConnectorError {
  constructor(files: readonly string[]) {
    super(
      'QC5021',
      ExitCode.failed,
      `There are ${files.length} certificate files: ${files.map((file) => `'${file}'`).join(', ')}.`,
      'Name the right one with -pkcs12=.',
    );
  }
}
