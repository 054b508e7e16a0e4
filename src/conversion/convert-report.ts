import { setImmediate } from 'node:timers/promises';
import type { ConversionConfig } from './conversion-config.ts';
import type { Log } from '../log/log.ts';
import type { AssetReport } from '../report/asset-report.ts';
import { readReport } from '../report/read-report.ts';
import type { ReportFile } from '../report/report-file.ts';
import { type CommandPart, PART_SIZE, type SessionSetting } from '../host-input/command-stream.ts';
import type { ConversionCounts } from './counts.ts';
import { HostUnits } from './host-units.ts';
import { plainText } from './plain-text.ts';
import { grouped } from '../text/grouped.ts';
import { Vulnerabilities } from './vulnerabilities.ts';

export interface ConversionOptions {
  readonly config: ConversionConfig;
  /** The longest line, in bytes with its LF, that the Management Center takes. */
  readonly maximumLine: number;
  readonly log: Log;
  /** Filled while the commands are read. */
  readonly counts: ConversionCounts;
  readonly signal: AbortSignal;
  /** Hides the login in what Qualys says of its own troubles. */
  readonly veil: (text: string) => string;
  /** Whether units carry what their hosts and findings are. */
  readonly detailed?: boolean | undefined;
  /** Told the address of each host that gets no unit, as there is nothing to say of it. */
  readonly onSilentHost?: ((address: string) => void) | undefined;
}

/**
 * Converts a Qualys report to host input commands, by the rules in docs/what-is-sent.md.
 * The report is read when the first of them are asked for.
 * @throws the errors of report/errors.ts, before it gives anything
 */
export async function* convertReport(
  file: ReportFile,
  options: ConversionOptions,
): AsyncGenerator<readonly CommandPart[]> {
  const { config, log, counts } = options;
  log.info('report.starting', 'QualysGuard Report Processing Starting');
  const vulnerabilities = new Vulnerabilities({ ...config, maximumLine: options.maximumLine });
  const report = await read(file, options, vulnerabilities);
  log.info('report.complete', 'QualysGuard Report Processing Complete');
  try {
    yield settings(config);
    yield* units(report, options, vulnerabilities);
  } finally {
    report.close();
  }
  counts.qidsWithoutGlossary = vulnerabilities.missing.size;
  counts.charactersDropped += vulnerabilities.charactersDropped;
  tellLosses(counts, log);
}

async function read(
  file: ReportFile,
  { config, log, counts, signal, veil, detailed }: ConversionOptions,
  vulnerabilities: Vulnerabilities,
): Promise<AssetReport> {
  const report = await readReport(file, {
    signal,
    veil,
    hostDetails:
      detailed === true || config.hostnameAttribute !== undefined || config.osAttribute !== undefined,
    glossaryEntry: (entry) => {
      vulnerabilities.add(entry.qid, entry.severity, entry);
    },
  });
  counts.hosts.inReport = report.hostCount;
  counts.findings.inReport = report.findingCount;
  counts.invalidBytes = report.invalidBytes;
  log.info('report.read', summaryOf(report), { ...report.header, hosts: report.hostCount });
  return report;
}

async function* units(
  report: AssetReport,
  options: ConversionOptions,
  vulnerabilities: Vulnerabilities,
): AsyncGenerator<readonly CommandPart[]> {
  const hostUnits = new HostUnits({ ...options, vulnerabilities });
  for (const batch of batches(report, hostUnits)) {
    // Signals and time-outs get their turn, whatever the sink does.
    await setImmediate();
    options.signal.throwIfAborted();
    if (batch.length > 0) yield batch;
  }
  hostUnits.skipped.end();
}

function settings({ domain, sourceType }: ConversionConfig): SessionSetting[] {
  const lines = [
    'SetSource,QualysGuard Scan Report',
    ...(domain === undefined ? [] : [`SetDomain,${plainText(domain).text}`]),
    ...(sourceType ? ['SetSourceType,2'] : []),
  ];
  return lines.map((line) => ({ kind: 'setting', text: `${line}\n` }));
}

/** Looked at without a pause: hosts that have nothing to say fill no batch. */
const MOST_HOSTS = 1024;

/** Many small hosts go on together, so that none costs an await of its own. A batch may be empty. */
function* batches(report: AssetReport, units: HostUnits): Generator<readonly CommandPart[]> {
  const batch: CommandPart[] = [];
  let size = 0;
  let hosts = 0;
  for (const host of report.hosts()) {
    for (const part of units.partsOf(host)) {
      batch.push(part);
      size += part.text.length;
      if (size >= PART_SIZE) {
        yield batch.splice(0);
        size = 0;
      }
    }
    if (++hosts % MOST_HOSTS === 0) yield batch.splice(0);
  }
  yield batch;
}

function summaryOf({ header, hostCount, findingCount }: AssetReport): string {
  const title = header.template === '' ? '' : ` "${header.template}"`;
  const generated = header.generated === '' ? '' : ` generated ${header.generated}`;
  return `Read the report${title}${generated}: ${grouped(hostCount)} hosts, ${grouped(findingCount)} findings`;
}

function tellLosses(counts: ConversionCounts, log: Log): void {
  const { invalidBytes, charactersDropped, qidsWithoutGlossary } = counts;
  if (invalidBytes > 0) {
    log.warning(
      'report.invalid-bytes',
      `${grouped(invalidBytes)} bytes of the report were not valid text and were replaced by "?"`,
    );
  }
  if (charactersDropped > 0) {
    log.info(
      'report.characters',
      `${grouped(charactersDropped)} characters of its texts have no ASCII form and were left out`,
    );
  }
  if (qidsWithoutGlossary > 0) {
    log.warning(
      'report.glossary',
      `The report's glossary lacks ${grouped(qidsWithoutGlossary)} of its QIDs: their findings are sent without title and ids`,
    );
  }
}
