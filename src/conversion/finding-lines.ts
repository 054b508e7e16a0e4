import type { ConversionConfig } from './conversion-config.ts';
import type { Finding } from '../records/finding-list.ts';
import type { ConversionCounts } from './counts.ts';
import type { Vulnerabilities, Vulnerability } from './vulnerabilities.ts';

/** An imported finding and its AddScanResult line with LF. */
export interface FindingLine {
  readonly finding: Finding;
  readonly vulnerability: Vulnerability;
  readonly line: string;
}

/** Decides which findings of a host are imported, counts the rest, and writes their lines. */
export class FindingLines {
  readonly #config: ConversionConfig;
  readonly #vulnerabilities: Vulnerabilities;
  readonly #counts: ConversionCounts['findings'];
  #seen = new Set<number>();

  constructor(config: ConversionConfig, vulnerabilities: Vulnerabilities, counts: ConversionCounts) {
    this.#config = config;
    this.#vulnerabilities = vulnerabilities;
    this.#counts = counts.findings;
  }

  /** Forgets the last host's findings. */
  beginHost(): void {
    // Not cleared: V8 lets a cleared set's old table keep the new one, which garbage collection then finds too late.
    this.#seen = new Set();
  }

  /** The line; undefined when the finding is left out, which is counted. */
  write(address: string, finding: Finding): FindingLine | undefined {
    const early = this.#againstFinding(finding);
    const vulnerability = early === undefined ? this.#vulnerabilities.get(finding.qid) : undefined;
    const reason = early ?? this.#againstVulnerability(finding, vulnerability);
    if (reason !== undefined || vulnerability?.lineEnd === undefined) {
      this.#counts.leftOut[reason ?? 'invalid']++;
      return undefined;
    }
    this.#counts.converted++;
    if (vulnerability.hasCve) this.#counts.withCve++;
    if (vulnerability.knownExploited) this.#counts.knownExploited++;
    return { finding, vulnerability, line: lineOf(address, finding, vulnerability.lineEnd) };
  }

  #againstFinding({ qid, type, status }: Finding): Reason | undefined {
    const { findingTypes, includeFixed } = this.#config;
    if (qid === 0) return 'invalid';
    if (!findingTypes.has(type)) return 'type';
    return status === 'fixed' && !includeFixed ? 'fixed' : undefined;
  }

  #againstVulnerability(finding: Finding, vulnerability: Vulnerability | undefined): Reason | undefined {
    // A severity that nobody knows is no reason to hide a finding.
    if ((finding.severity || (vulnerability?.severity ?? 5)) < this.#config.minSeverity) return 'severity';
    if (vulnerability?.leftOut !== undefined) return vulnerability.leftOut;
    // Its ids alone are longer than a line may be.
    if (vulnerability?.lineEnd === undefined) return 'invalid';
    const key = keyOf(finding);
    if (this.#seen.has(key)) return 'duplicate';
    this.#seen.add(key);
    return undefined;
  }
}

type Reason = keyof ConversionCounts['findings']['leftOut'];

function lineOf(address: string, { qid, port, protocol }: Finding, lineEnd: string): string {
  const transport = protocol === '' ? '' : PROTOCOL_NUMBERS[protocol];
  const place = port === 0 ? ',' : `${port},${transport}`;
  return `AddScanResult,${address},"QualysGuard",${qid},${place}${lineEnd}`;
}

const PROTOCOL_NUMBERS = { tcp: 6, udp: 17 } as const;

/** QID, port and protocol in one number below 2^49; a protocol without a port is not sent. */
function keyOf({ qid, port, protocol }: Finding): number {
  const transport = port === 0 || protocol === '' ? 0 : protocol === 'tcp' ? 1 : 2;
  return (qid * 65_536 + port) * 4 + transport;
}
