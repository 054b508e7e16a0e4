import type { Log } from '../log/log.ts';
import type { Options } from '../options.ts';
import type { Destination } from './destination.ts';
import type { CertificateSource } from './open-certificate.ts';

/** With -csvfile the file; else the Management Center, which is asked first whether it is ready. */
export async function openDestination(
  options: Options,
  source: CertificateSource,
  log: Log,
  signal: AbortSignal,
): Promise<Destination> {
  if (options.csvfile !== undefined) {
    if (options.server !== undefined && options.state !== undefined) {
      log.info(
        'csv.unsent',
        'Nothing is sent to -server: it names whose state in -state is compared with. The state stays as it is.',
      );
    } else if (options.server !== undefined) {
      log.warning(
        'csv.unsent',
        'Nothing is sent to -server: with -csvfile the commands go to that file alone.',
      );
    }
    const { csvFileDestination } = await import('./csv-file.ts');
    return csvFileDestination(options.csvfile);
  }
  const { managementCenterDestination } = await import('./management-center.ts');
  return managementCenterDestination(options, source, log, signal);
}
