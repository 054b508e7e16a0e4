import {
  type SamplePort,
  SAMPLE_VULNERABILITIES,
  type SampleVulnerability,
} from './sample-vulnerabilities.ts';

export interface SampleHostsOptions {
  readonly hosts: number;
  /** On average; default 14. */
  readonly findingsPerHost?: number;
  /** The same seed gives the same hosts. Default 1. */
  readonly seed?: number;
  /** Rows of a result table, at most; sets the bytes a finding takes. Default 12: about 1,100 bytes. */
  readonly resultRows?: number;
  /** When they were last scanned, about. Default 2026-01-15T06:00:00Z. */
  readonly generated?: Date;
}

/** One invented host. */
export interface SampleHost {
  /** From 0. */
  readonly index: number;
  readonly address: string;
  readonly dns: string;
  readonly netbios: string | undefined;
  readonly operatingSystem: string;
  /** Can be read once, before the next host is asked for. */
  readonly findings: Generator<SampleFinding>;
}

export interface SampleFinding {
  readonly vulnerability: SampleVulnerability;
  readonly port: SamplePort | undefined;
  /** What the scanner saw; undefined: it says nothing. */
  readonly result: string | undefined;
  readonly firstFound: Date;
  readonly lastFound: Date;
  readonly timesFound: number;
  /** Undefined for information. */
  readonly status: SampleStatus | undefined;
  /** CVSS 2 and 3; undefined for information. */
  readonly scores: readonly [string, string] | undefined;
}

type SampleStatus = (typeof STATUSES)[number];

const DOCUMENTATION_NETWORKS = ['192.0.2', '198.51.100', '203.0.113'] as const;
/** More hosts than these have addresses in 10.0.0.0/8. */
export const DOCUMENTATION_HOSTS = DOCUMENTATION_NETWORKS.length * 254;

const OPERATING_SYSTEMS = [
  'Windows Server 2019 Standard 64 bit Edition Version 1809',
  'Windows Server 2012 R2 / Windows 8.1',
  'Red Hat Enterprise Linux Server 7.9',
  'Ubuntu / Linux 5.x',
  'Debian Linux 11.6',
  'Cisco IOS 15.2',
  'VMware ESXi 6.7',
] as const;
const ROLES = ['web', 'mail', 'db', 'files', 'dc', 'build', 'print', 'switch'] as const;
const STATUSES = ['New', 'Active', 'Active', 'Active', 'Active', 'Re-Opened', 'Fixed'] as const;
const PACKAGES = ['kernel-debug', 'openssl-libs', 'httpd', 'samba-client', 'glibc-common', 'sudo'] as const;
const OPEN_PORTS = [
  'Port\tIANA Assigned Ports/Services\tDescription\tService Detected\tOS On Redirected Port',
  '22\tssh\tSSH Remote Login Protocol\tssh\t ',
  '80\twww\tWorld Wide Web HTTP\thttp\t ',
  '443\thttps\thttp protocol over TLS/SSL\thttp over ssl\t ',
].join('\n');

/**
 * Invented hosts with their findings, drawn one by one, so that there can be any number of them: the same ones for the
 * report and for the detections. Addresses are of the documentation networks (10.0.0.0/8 beyond some hundred hosts),
 * names under example.com and example.net.
 */
export class SampleHosts {
  readonly count: number;
  readonly #options: SampleHostsOptions;
  /** Of the random numbers, before each host that was drawn: a later page need not draw those before it. */
  readonly #states: number[];

  constructor(options: SampleHostsOptions) {
    this.count = options.hosts;
    this.#options = options;
    this.#states = [options.seed ?? 1];
  }

  /** The hosts from that index on. */
  *from(first: number): Generator<SampleHost> {
    const start = Math.min(first, this.#states.length - 1);
    const random = new Random(this.#states[start] ?? 1);
    for (let index = start; index < this.count; index++) {
      this.#states[index] = random.state;
      const host = drawHost(index, this.#options, random);
      if (index >= first) yield host;
      drain(host.findings);
    }
  }
}

/** A small generator of pseudo-random numbers (mulberry32): enough for samples, and the same everywhere. */
class Random {
  state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

/** What nobody read is drawn all the same: the next host's numbers come after it. */
function drain(findings: Iterator<SampleFinding>): void {
  while (findings.next().done !== true);
}

function address(index: number, hosts: number): string {
  if (hosts <= DOCUMENTATION_HOSTS) {
    // The networks take turns, so that a small sample shows them all.
    const network = DOCUMENTATION_NETWORKS[index % 3] ?? DOCUMENTATION_NETWORKS[0];
    return `${network}.${Math.floor(index / 3) + 1}`;
  }
  const number = index + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function drawHost(index: number, options: SampleHostsOptions, random: Random): SampleHost {
  const name = `${random.pick(ROLES)}-${index + 1}`;
  return {
    index,
    address: address(index, options.hosts),
    dns: `${name}.${index % 4 === 3 ? 'example.net' : 'example.com'}`,
    netbios: index % 3 === 0 ? name.toUpperCase() : undefined,
    operatingSystem: random.pick(OPERATING_SYSTEMS),
    findings: drawFindings(options, random),
  };
}

function* drawFindings(options: SampleHostsOptions, random: Random): Generator<SampleFinding> {
  const mean = options.findingsPerHost ?? 14;
  const count = Math.max(1, mean - Math.floor(mean / 2) + random.below(2 * Math.floor(mean / 2) + 1));
  const start = random.below(SAMPLE_VULNERABILITIES.length);
  for (let number = 0; number < count; number++) {
    // Walking through the catalogue gives no QID twice on a port until it has gone round.
    const index = (start + number) % SAMPLE_VULNERABILITIES.length;
    const vulnerability = SAMPLE_VULNERABILITIES[index];
    if (vulnerability === undefined) continue;
    const round = Math.floor(number / SAMPLE_VULNERABILITIES.length);
    const port = vulnerability.ports[round] ?? highPort(vulnerability, round);
    yield drawFinding(vulnerability, port, options, random);
  }
}

/** A port for what goes round the catalogue more often than it has ports; the first round keeps to the catalogue. */
function highPort(vulnerability: SampleVulnerability, round: number): SamplePort | undefined {
  return round === 0 && vulnerability.ports.length === 0
    ? undefined
    : { port: 1024 + (round % 64_000), protocol: 'tcp', service: 'unknown', ssl: false };
}

function drawFinding(
  vulnerability: SampleVulnerability,
  port: SamplePort | undefined,
  { resultRows = 12, generated = SCANNED }: SampleHostsOptions,
  random: Random,
): SampleFinding {
  const days = random.below(700);
  const rows = random.below(resultRows + 1);
  const result = rows === 0 ? undefined : drawResult(vulnerability, rows, random);
  const information = vulnerability.type === 'Ig';
  const score = (): string => `${vulnerability.severity * 2 - 1}.${random.below(10)}`;
  return {
    vulnerability,
    port,
    result,
    firstFound: daysBefore(generated, days + 3),
    lastFound: daysBefore(generated, 1 + (days % 3)),
    timesFound: 1 + Math.floor(days / 7),
    status: information ? undefined : random.pick(STATUSES),
    scores: information ? undefined : [score(), score()],
  };
}

export const SCANNED = new Date('2026-01-15T06:00:00Z');

function daysBefore(date: Date, days: number): Date {
  return new Date(date.getTime() - days * 86_400_000);
}

/** Of some only one sentence is known, of the others a table. */
function drawResult(vulnerability: SampleVulnerability, rows: number, random: Random): string {
  if (vulnerability.qid === ICMP_TIMESTAMP) {
    return `Timestamp of host (network byte ordering): ${10 + random.below(13)}:${10 + random.below(49)}:07 GMT`;
  }
  if (vulnerability.qid === OPEN_TCP_SERVICES) return OPEN_PORTS;
  const lines = ['Package\tInstalled Version\tRequired Version'];
  for (let row = 0; row < rows; row++) {
    const major = 1 + random.below(8);
    lines.push(
      `${random.pick(PACKAGES)}\t${major}.${random.below(10)}.${random.below(20)}-${random.below(900)}.el7.x86_64\t${major + 1}.0.${random.below(20)}-${random.below(900)}.el7 &lt;or later&gt;`,
    );
  }
  return lines.join('\n');
}

const OPEN_TCP_SERVICES = 82_023;
const ICMP_TIMESTAMP = 82_003;
