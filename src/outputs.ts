/** What a run writes, looked at before there is anything to write. */
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { csvFileOf } from './destination/csv-file.ts';
import { tryFolder, tryPlace } from './files/atomic-file.ts';
import { removeLeftovers } from './files/leftovers.ts';
import { type NamedFiles, refuseSharedFiles } from './files/shared-files.ts';
import { type InputPlugin, pluginOptions, type Prepared } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import { findCertificateFile } from './management-center/certificate/find.ts';
import type { ListedServer } from './management-center/connection/server-list.ts';
import type { Options } from './options.ts';
import { trySummary } from './summary/run-summary.ts';

/**
 * Refuses an output that is read too, as far as the command line tells; to be called before the log is opened, which is an
 * output itself.
 * @throws SharedFileError
 */
export async function refuseOutputsThatAreRead(options: Options, plugin: InputPlugin): Promise<void> {
  const yaml = plugin.configFile(options);
  const { server, pkcs12, plugininfo, report, passwordfile, csvfile } = options;
  const listed = await plugin.servers?.(pluginOptions(options));
  const isNamed = server !== undefined || listed !== undefined;
  const found = pkcs12 === undefined && isNamed ? await foundCertificate(yaml) : undefined;
  await refuseSharedFiles(
    { '-csvfile': csvfile, ...outputsBeside(options) },
    {
      ...filesOfServers(listed ?? []),
      'the YAML file': yaml,
      'the certificate file': found,
      'the variable NODE_EXTRA_CA_CERTS': process.env.NODE_EXTRA_CA_CERTS,
      '-pkcs12': pkcs12,
      '-plugininfo': plugininfo,
      '-report': report,
      '-passwordfile': passwordfile,
    },
  );
}

/** What the Management Centers of a configuration have for themselves, by the keys. */
function filesOfServers(servers: readonly ListedServer[]): NamedFiles {
  const files = servers.flatMap(({ address, port, pkcs12, passwordFile }) => {
    const of = port === undefined ? address : `${address}:${port}`;
    return [
      [`pkcs12 of ${of}`, pkcs12],
      [`password_file of ${of}`, passwordFile],
    ] as const;
  });
  return Object.fromEntries(files);
}

/** All that is written besides the CSV files, of which several templates have several. */
function outputsBeside({ summary, page, metrics, logfile }: Options): NamedFiles {
  return { '-summary': summary, '-page': page, '-metrics': metrics, '-logfile': logfile };
}

/** What is wrong with the search is told when the certificate is opened. */
function foundCertificate(yaml: string): Promise<string | undefined> {
  return findCertificateFile(['.', dirname(yaml)]).catch(() => undefined);
}

/**
 * Refuses what only the plugin knows to be read, tries every place that will be written to, and removes what killed runs
 * have left there.
 * @throws SharedFileError, FileWriteError
 */
export async function prepareOutputs(
  options: Options,
  { inputs, reads, servers = [] }: Prepared,
  log: Log,
): Promise<void> {
  const { csvfile, summary, page, metrics, state } = options;
  const read = { ...filesOfServers(servers), ...reads };
  const csvFiles = new Set(
    csvfile === undefined ? [] : inputs.map(({ template }) => csvFileOf(csvfile, template)),
  );
  for (const file of csvFiles) {
    await refuseSharedFiles({ '-csvfile': file, ...outputsBeside(options) }, read);
  }
  if (csvfile === undefined) await refuseSharedFiles(outputsBeside(options), read);
  if (summary !== undefined) await trySummary(summary);
  if (page !== undefined) await (await import('./page/write-page.ts')).tryPage(page);
  if (metrics !== undefined) await (await import('./metrics/write-metrics.ts')).tryMetrics(metrics);
  for (const file of csvFiles) await tryPlace('The CSV file', file);
  // With -csvfile it is only read.
  const stateFolder = csvfile === undefined ? state : undefined;
  if (stateFolder !== undefined) {
    await (await import('./state/state-directory.ts')).prepareStateFolder(stateFolder);
  }
  const written = [...csvFiles, summary, page, metrics].filter((path) => path !== undefined).map(dirname);
  const directories = ['.', tmpdir(), ...written, stateFolder].filter((path) => path !== undefined);
  for (const directory of new Set(directories.map((path) => resolve(path)))) {
    for (const sentence of await removeLeftovers(directory)) log.warning('run.leftover', sentence);
  }
  if (csvfile === undefined) await tellOfFolder(log);
}

/** What cannot be delivered is kept in the current directory: nothing else needs that. */
async function tellOfFolder(log: Log): Promise<void> {
  const problem = await tryFolder('.');
  if (problem === undefined) return;
  log.warning(
    'run.folder',
    `What cannot be delivered could not be kept either: the current directory cannot be written to, ${problem}`,
  );
}
