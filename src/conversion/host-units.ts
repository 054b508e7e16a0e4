import type { ConversionConfig } from './conversion-config.ts';
import type { Log } from '../log/log.ts';
import type { Finding } from '../records/finding-list.ts';
import type { Host } from '../records/records.ts';
import {
  type FindingDetail,
  type HostDetail,
  type OnSilentHost,
  PART_SIZE,
  type UnitPart,
} from '../host-input/command-stream.ts';
import type { ConversionCounts } from './counts.ts';
import { type FindingLine, FindingLines } from './finding-lines.ts';
import { hostAddress } from './host-address.ts';
import { cutAtWord, plainText, plainTextOfHtml } from './plain-text.ts';
import { SkippedHosts } from './skipped-hosts.ts';
import type { Vulnerabilities, Vulnerability } from './vulnerabilities.ts';

export interface HostUnitsOptions {
  readonly config: ConversionConfig;
  readonly vulnerabilities: Vulnerabilities;
  readonly log: Log;
  readonly counts: ConversionCounts;
  readonly veil: (text: string) => string;
  /** Bytes of a line with its LF. */
  readonly maximumLine: number;
  readonly detailed?: boolean | undefined;
  readonly onSilentHost?: OnSilentHost | undefined;
}

/** Makes each host's unit: what is said of it before its findings, their lines, and what applies them. */
export class HostUnits {
  readonly skipped: SkippedHosts;
  readonly #config: ConversionConfig;
  readonly #log: Log;
  readonly #counts: ConversionCounts;
  readonly #lines: FindingLines;
  /** Addresses whose results were set: more for one of them has to add, not to replace. */
  readonly #withResults = new Set<string>();
  readonly #maximumLine: number;
  readonly #detailed: boolean;
  readonly #onSilentHost: HostUnitsOptions['onSilentHost'];

  constructor(options: HostUnitsOptions) {
    const { config, vulnerabilities, log, counts } = options;
    this.#config = config;
    this.#log = log;
    this.#counts = counts;
    this.#maximumLine = options.maximumLine;
    this.#detailed = options.detailed === true;
    this.#onSilentHost = options.onSilentHost;
    this.#lines = new FindingLines(config, vulnerabilities, counts);
    this.skipped = new SkippedHosts(log, counts, options.veil);
  }

  /** The parts of the host's unit; none when there is nothing to say of it, which is counted. */
  *partsOf(host: Host): Generator<UnitPart> {
    const address = hostAddress(host.ip, host.ip6);
    if (address === undefined) {
      this.skipped.withoutAddress(host);
      return;
    }
    if (this.#config.excludeHosts?.has(address) === true) {
      this.#counts.hosts.skipped.excluded++;
      this.#counts.findings.leftOut.host += host.findingCount;
      this.#onSilentHost?.(address, 'excluded');
      return;
    }
    const part = new PartInWork(address, this.#detailed ? detailOf(host) : undefined);
    for (const line of this.#linesBefore(host, address)) {
      part.command(line);
    }
    const found = yield* this.#findings(host, part);
    this.#closing(address, found).forEach((line) => {
      part.command(line);
    });
    if (part.isEmpty && found === 0) {
      this.#counts.hosts.skipped.noFindings++;
      this.#onSilentHost?.(address, 'nothing');
    } else {
      this.#counts.hosts.converted++;
      this.#tellHost(address, found);
      yield part.close(true);
    }
  }

  #linesBefore(host: Host, address: string): string[] {
    const { addHost, hostnameAttribute, osAttribute } = this.#config;
    return [
      ...(addHost ? [`AddHost,${address}\n`] : []),
      ...this.#attribute(address, hostnameAttribute, host.dns || host.netbios),
      ...this.#attribute(address, osAttribute, host.operatingSystem),
    ];
  }

  #attribute(address: string, attribute: string | undefined, source: string): string[] {
    if (attribute === undefined) return [];
    const start = `SetAttributeValue,${address},${plainText(attribute).text},`;
    const { text, dropped } = plainTextOfHtml(source);
    const value = cutAtWord(text, this.#maximumLine - start.length - 1);
    this.#counts.charactersDropped += dropped;
    return value === '' ? [] : [`${start}${value}\n`];
  }

  /** Yields the parts that are full; the last lines stay in `part`. Returns how many findings were imported. */
  *#findings(host: Host, part: PartInWork): Generator<UnitPart, number> {
    let found = 0;
    this.#lines.beginHost();
    for (const portion of host.findings) {
      for (const finding of portion) {
        const written = this.#lines.write(part.address, finding);
        if (written !== undefined) {
          found++;
          part.finding(written);
          this.#tellFinding(part.address, written);
        }
        if (part.isFull) yield part.close(false);
      }
    }
    return found;
  }

  #tellHost(address: string, findings: number): void {
    if (this.#log.level >= 3) {
      this.#log.debug('report.host', `Host ${address}: ${findings} findings imported`, { address, findings });
    }
  }

  #tellFinding(address: string, { finding, vulnerability }: FindingLine): void {
    if (this.#log.level < 3) return;
    const place = finding.port === 0 ? '' : ` on port ${finding.port} ${finding.protocol}`.trimEnd();
    this.#log.debug(
      'report.finding',
      `Host ${address}: QID ${finding.qid} "${vulnerability.title}"${place}`,
      { address, qid: finding.qid, port: finding.port, protocol: finding.protocol },
    );
  }

  #closing(address: string, found: number): string[] {
    const again = this.#withResults.has(address);
    if (found > 0) {
      this.#withResults.add(address);
      this.#counts.hosts.repeated += again ? 1 : 0;
      return [again || this.#config.mode === 'update' ? 'ScanUpdate\n' : 'ScanFlush\n'];
    }
    // What an earlier entry of this very report found is to stay.
    return this.#config.clearCleanHosts && !again
      ? [`DeleteScanResult,${address},"QualysGuard"\n`, 'ScanUpdate\n']
      : [];
  }
}

/** The part of a unit that is being filled. */
class PartInWork {
  readonly address: string;
  /** Undefined: details are not asked for, or were given with an earlier part. */
  #host: HostDetail | undefined;
  #details: FindingDetail[] | undefined;
  #text = '';
  #commands = 0;
  #findings = 0;

  constructor(address: string, host: HostDetail | undefined) {
    this.address = address;
    this.#host = host;
    this.#details = host && [];
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  get isFull(): boolean {
    return this.#text.length >= PART_SIZE;
  }

  command(line: string): void {
    this.#text += line;
    this.#commands++;
  }

  finding({ line, finding, vulnerability }: FindingLine): void {
    this.command(line);
    this.#findings++;
    this.#details?.push(detailOfFinding(finding, vulnerability));
  }

  close(ends: boolean): UnitPart {
    const part: UnitPart = {
      kind: 'unit',
      address: this.address,
      text: this.#text,
      commands: this.#commands,
      findings: this.#findings,
      ends,
      ...(this.#host && { host: this.#host }),
      ...(this.#details && { details: this.#details }),
    };
    this.#host = undefined;
    this.#details &&= [];
    this.#text = '';
    this.#commands = 0;
    this.#findings = 0;
    return part;
  }
}

function detailOf({ dns, netbios, operatingSystem }: Host): HostDetail {
  return { name: dns || netbios, operatingSystem };
}

function detailOfFinding(
  { qid, port, protocol, type, severity }: Finding,
  { severity: ofQid, title, hasCve, lineEnd }: Vulnerability,
): FindingDetail {
  return { qid, port, protocol, type, severity: severity || ofQid, title, hasCve, lineEnd };
}
