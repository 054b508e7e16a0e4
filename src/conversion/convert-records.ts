import { setImmediate } from 'node:timers/promises';
import type { ConversionConfig } from './conversion-config.ts';
import type { Log } from '../log/log.ts';
import type { Records, Wanted } from '../records/records.ts';
import {
  type CommandPart,
  type OnSilentHost,
  PART_SIZE,
  type SessionSetting,
} from '../host-input/command-stream.ts';
import { silentLog } from '../log/silent-log.ts';
import type { ConversionCounts } from './counts.ts';
import { HostUnits, type HostUnitsOptions } from './host-units.ts';
import { systemClock } from '../clock.ts';
import { plainText } from './plain-text.ts';
import { grouped } from '../text/grouped.ts';
import { tellAge } from './report-age.ts';
import { Vulnerabilities } from './vulnerabilities.ts';

/** What the findings come from. */
export interface Source {
  /** In the log: the original's word is `Report`. */
  readonly name: 'Report' | 'Detection';
  /** Reads all of it. Called once. */
  readonly read: (wanted: Wanted) => Promise<Records>;
}

export interface ConversionOptions {
  readonly config: ConversionConfig;
  /** The longest line, in bytes with its LF, that the Management Center takes. */
  readonly maximumLine: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Hides the login in what Qualys says of its own troubles. */
  readonly veil: (text: string) => string;
  /** Whether units carry what their hosts and findings are. */
  readonly detailed?: boolean | undefined;
}

/** What one destination wants of the commands. */
export interface ReadingOptions {
  /** Told the address of each host that gets no unit, and why. */
  readonly onSilentHost?: OnSilentHost | undefined;
  /** The Management Center's domain, in the place of the configuration's. */
  readonly domain?: string | undefined;
}

/**
 * Converts what Qualys found to host input commands, by the rules in docs/what-is-sent.md: as often as they are asked
 * for, also several times at once. The source is read once, and the log told by the first reading alone.
 */
export class Conversion {
  readonly #source: Source;
  readonly #options: ConversionOptions;
  readonly #vulnerabilities: Vulnerabilities;
  #records: Promise<Records> | undefined;

  constructor(source: Source, options: ConversionOptions) {
    this.#source = source;
    this.#options = options;
    this.#vulnerabilities = new Vulnerabilities({ ...options.config, maximumLine: options.maximumLine });
  }

  /**
   * All of them, from the first on. The source is read when the first of them are asked for.
   * @param counts filled while the commands are read
   * @throws what the source throws, before anything is given
   */
  async *commands(
    counts: ConversionCounts,
    { domain = this.#options.config.domain, onSilentHost }: ReadingOptions = {},
  ): AsyncGenerator<readonly CommandPart[]> {
    const config = { ...this.#options.config, domain };
    const options = { ...this.#options, config, log: this.#records ? silentLog : this.#options.log };
    const records = await (this.#records ??= this.#read());
    counts.hosts.inReport = records.hostCount;
    counts.findings.inReport = records.findingCount;
    counts.findings.leftOut.score = records.belowScore ?? 0;
    counts.invalidBytes = records.invalidBytes;
    yield settings(config);
    yield* units(records, { ...options, counts, onSilentHost, vulnerabilities: this.#vulnerabilities });
    counts.qidsWithoutGlossary = this.#vulnerabilities.missing.size;
    counts.charactersDropped += this.#vulnerabilities.charactersDropped;
    tellLosses(counts, this.#source, options);
  }

  /** Frees what the records are kept in. Not while a reading is under way. */
  async close(): Promise<void> {
    // What it was not read for has been told.
    await this.#records?.then(
      (records) => {
        records.close();
      },
      () => undefined,
    );
  }

  async #read(): Promise<Records> {
    const { config, log, detailed } = this.#options;
    log.info('report.starting', `QualysGuard ${this.#source.name} Processing Starting`);
    const records = await this.#source.read({
      hostDetails: wantsHostDetails(config, detailed),
      glossaryEntry: (entry) => {
        this.#vulnerabilities.add(entry.qid, entry.severity, entry);
      },
    });
    tellAge(String(records.titleFields.generated), systemClock.now(), config.maxReportAge, log);
    log.info('report.read', summaryOf(records), { ...records.titleFields, hosts: records.hostCount });
    log.info('report.complete', `QualysGuard ${this.#source.name} Processing Complete`);
    return records;
  }
}

/** Whether the names and operating systems of hosts go anywhere. */
export function wantsHostDetails(
  { hostnameAttribute, osAttribute }: Pick<ConversionConfig, 'hostnameAttribute' | 'osAttribute'>,
  detailed = false,
): boolean {
  return detailed || hostnameAttribute !== undefined || osAttribute !== undefined;
}

async function* units(
  records: Records,
  options: HostUnitsOptions & Pick<ConversionOptions, 'signal'>,
): AsyncGenerator<readonly CommandPart[]> {
  const hostUnits = new HostUnits(options);
  for (const batch of batches(records, hostUnits)) {
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
function* batches(records: Records, units: HostUnits): Generator<readonly CommandPart[]> {
  const batch: CommandPart[] = [];
  let size = 0;
  let hosts = 0;
  for (const host of records.hosts()) {
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

function summaryOf({ title, hostCount, findingCount }: Records): string {
  return `Read ${title}: ${grouped(hostCount)} hosts, ${grouped(findingCount)} findings`;
}

function tellLosses(counts: ConversionCounts, { name }: Source, { config, log }: ConversionOptions): void {
  const { invalidBytes, charactersDropped, qidsWithoutGlossary } = counts;
  if (invalidBytes > 0) {
    log.warning(
      'report.invalid-bytes',
      `${grouped(invalidBytes)} bytes of what was read were not valid text and were replaced by "?"`,
    );
  }
  if (charactersDropped > 0) {
    log.info(
      'report.characters',
      `${grouped(charactersDropped)} characters of its texts have no ASCII form and were left out`,
    );
  }
  if (qidsWithoutGlossary > 0) {
    // Nobody knows whether they have a CVE.
    const fate = config.withCveOnly || config.onlyKev ? 'left out' : 'sent without title and ids';
    log.warning(
      'report.glossary',
      `${name === 'Report' ? "The report's glossary" : "Qualys' KnowledgeBase"} lacks ${grouped(qidsWithoutGlossary)} of its QIDs: their findings are ${fate}`,
    );
  }
}
