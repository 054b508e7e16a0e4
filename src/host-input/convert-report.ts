import type { ConversionConfig } from '../config/qualys-config.ts';
import type { Log } from '../log/log.ts';
import type { AssetReport } from '../report/asset-report.ts';
import { readReport } from '../report/read-report.ts';
import { AddressSet } from './address-set.ts';
import { PART_SIZE, type CommandPart, type CommandStream, type SessionSetting } from './command-stream.ts';
import type { ConversionCounts } from './conversion-counts.ts';
import { HostUnits } from './host-units.ts';
import { plainText } from './plain-text.ts';
import { Vulnerabilities } from './vulnerabilities.ts';

export interface ConversionOptions {
  readonly config: ConversionConfig;
  /** The longest line, in bytes with its LF, that the Management Center takes. */
  readonly maximumLine: number;
  readonly log: Log;
  /** Filled while `commands` is read. */
  readonly counts: ConversionCounts;
  readonly signal: AbortSignal;
  /** Hosts whose results this run has set before, from another template; grows. Default: none. */
  readonly addresses?: AddressSet;
}

export interface ConvertedReport {
  /** Can be read once. Throws the errors of report-errors.ts before it gives anything. */
  readonly commands: CommandStream;
  /** How many hosts the stream will hold; at most, until the last is through. */
  ofHosts(): number | undefined;
}

/** Converts the Qualys report in the file `path` to host input commands, by the rules in the README. */
export function convertReport(path: string, options: ConversionOptions): ConvertedReport {
  const { hosts } = options.counts;
  let read = false;
  async function* commands(): AsyncGenerator<readonly CommandPart[]> {
    const { config, log, counts, signal } = options;
    log.info('report.starting', 'QualysGuard Report Processing Starting');
    const vulnerabilities = new Vulnerabilities({ ...config, maximumLine: options.maximumLine });
    const report = await readReport(path, {
      signal,
      hostDetails: config.hostnameAttribute !== undefined || config.osAttribute !== undefined,
      glossaryEntry: (entry) => {
        vulnerabilities.add(entry.qid, entry.severity, entry);
      },
    });
    read = true;
    counts.hosts.inReport = report.hostCount;
    counts.findings.inReport = report.findingCount;
    counts.invalidBytes = report.invalidBytes;
    log.info('report.read', summaryOf(report), { ...report.header, hosts: report.hostCount });
    try {
      const units = new HostUnits(
        config,
        vulnerabilities,
        log,
        counts,
        options.addresses ?? new AddressSet(),
      );
      yield settings(config);
      yield* batches(report, units, signal);
      units.skipped.end();
    } finally {
      report.close();
    }
    counts.qidsWithoutGlossary = vulnerabilities.missing.size;
    counts.charactersDropped += vulnerabilities.charactersDropped;
    tellLosses(counts, log);
    log.info('report.complete', 'QualysGuard Report Processing Complete');
  }
  return {
    commands: commands(),
    ofHosts: () =>
      read
        ? hosts.inReport - hosts.skipped.noFindings - hosts.skipped.invalidAddress - hosts.skipped.error
        : undefined,
  };
}

function settings({ domain, sourceType }: ConversionConfig): SessionSetting[] {
  const lines = [
    'SetSource,QualysGuard Scan Report',
    ...(domain === undefined ? [] : [`SetDomain,${plainText(domain).text}`]),
    ...(sourceType ? ['SetSourceType,2'] : []),
  ];
  return lines.map((line) => ({ kind: 'setting', text: `${line}\n` }));
}

/** Many small hosts go on together, so that none costs an await of its own. */
function* batches(
  report: AssetReport,
  units: HostUnits,
  signal: AbortSignal,
): Generator<readonly CommandPart[]> {
  let batch: CommandPart[] = [];
  let size = 0;
  for (const host of report.hosts()) {
    for (const part of units.partsOf(host)) {
      batch.push(part);
      size += part.text.length;
      if (size >= PART_SIZE) {
        signal.throwIfAborted();
        yield batch;
        batch = [];
        size = 0;
      }
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

function summaryOf({ header, hostCount, findingCount }: AssetReport): string {
  const title = header.template === '' ? '' : ` "${header.template}"`;
  const generated = header.generated === '' ? '' : ` generated ${header.generated}`;
  return `Read the report${title}${generated}: ${hostCount} hosts, ${findingCount} findings`;
}

function tellLosses(counts: ConversionCounts, log: Log): void {
  const { invalidBytes, charactersDropped, qidsWithoutGlossary } = counts;
  if (invalidBytes > 0) {
    log.warning(
      'report.invalid-bytes',
      `${invalidBytes} bytes of the report were not valid text and were replaced by "?"`,
    );
  }
  if (charactersDropped > 0) {
    log.info(
      'report.characters',
      `${charactersDropped} characters of its texts have no ASCII form and were left out`,
    );
  }
  if (qidsWithoutGlossary > 0) {
    log.warning(
      'report.glossary',
      `The report's glossary lacks ${qidsWithoutGlossary} of its QIDs: their findings are sent without title and ids`,
    );
  }
}
