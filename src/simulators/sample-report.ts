import {
  type SamplePort,
  SAMPLE_VULNERABILITIES,
  type SampleVulnerability,
} from './sample-vulnerabilities.ts';

export interface SampleReportOptions {
  readonly hosts: number;
  /** On average; default 14. */
  readonly findingsPerHost?: number;
  /** The same seed gives the same report. Default 1. */
  readonly seed?: number;
  /** Rows of a result table, at most; sets the bytes a finding takes. Default 12: about 1,100 bytes. */
  readonly resultRows?: number;
  /** The report template's title. */
  readonly template?: string;
  /** Default 2026-01-15T06:00:00Z. */
  readonly generated?: Date;
}

type Random = (below: number) => number;

/**
 * The XML text of an ASSET_DATA_REPORT as Qualys writes it, piece by piece, so that it can be of any size.
 * Addresses are of the documentation networks (10.0.0.0/8 beyond some hundred hosts), names under example.com and example.net.
 */
export function* sampleReport(options: SampleReportOptions): Generator<string> {
  const random = seededRandom(options.seed ?? 1);
  const generated = options.generated ?? new Date('2026-01-15T06:00:00Z');
  yield head(options.template ?? 'Nightly import', generated, options.hosts);
  if (options.hosts > 0) {
    yield '  <HOST_LIST>\n';
    for (let index = 0; index < options.hosts; index += 1) {
      yield* host(index, options, random, generated);
    }
    yield '  </HOST_LIST>\n';
    yield glossary();
  }
  yield tail(generated);
}

/** A small generator of pseudo-random numbers (mulberry32): enough for samples, and the same everywhere. */
function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[random(items.length)] ?? items[0];
}

function cdata(text: string): string {
  return `<![CDATA[${text}]]>`;
}

function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}

function head(template: string, generated: Date, hosts: number): string {
  const large = hosts > DOCUMENTATION_HOSTS;
  return `<?xml version="1.0" encoding="UTF-8" ?>

<!DOCTYPE ASSET_DATA_REPORT SYSTEM "https://qualysguard.example.com/asset_data_report.dtd">
<ASSET_DATA_REPORT>
  <HEADER>
    <COMPANY>${cdata('Example & Sons')}</COMPANY>
    <USERNAME>exmpl-cn1</USERNAME>
    <GENERATION_DATETIME>${timestamp(generated)}</GENERATION_DATETIME>
    <TEMPLATE>${cdata(template)}</TEMPLATE>
    <TARGET>
      <USER_ASSET_GROUPS>
        <ASSET_GROUP_TITLE>${cdata('All')}</ASSET_GROUP_TITLE>
      </USER_ASSET_GROUPS>
      <COMBINED_IP_LIST>
        <RANGE>
          <START>${large ? '10.0.0.1' : '192.0.2.1'}</START>
          <END>${large ? '10.255.255.254' : '203.0.113.254'}</END>
        </RANGE>
      </COMBINED_IP_LIST>
    </TARGET>
    <RISK_SCORE_SUMMARY>
      <TOTAL_VULNERABILITIES>${hosts * 9}</TOTAL_VULNERABILITIES>
      <AVG_SECURITY_RISK>2.6</AVG_SECURITY_RISK>
      <BUSINESS_RISK>42/100</BUSINESS_RISK>
    </RISK_SCORE_SUMMARY>
  </HEADER>
`;
}

const DOCUMENTATION_NETWORKS = ['192.0.2', '198.51.100', '203.0.113'] as const;
const DOCUMENTATION_HOSTS = DOCUMENTATION_NETWORKS.length * 254;

function address(index: number, hosts: number): string {
  if (hosts <= DOCUMENTATION_HOSTS) {
    // The networks take turns, so that a small sample shows them all.
    const network = DOCUMENTATION_NETWORKS[index % 3] ?? DOCUMENTATION_NETWORKS[0];
    return `${network}.${Math.floor(index / 3) + 1}`;
  }
  const number = index + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

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

function* host(
  index: number,
  options: SampleReportOptions,
  random: Random,
  generated: Date,
): Generator<string> {
  const name = `${pick(random, ROLES)}-${index + 1}`;
  const domain = index % 4 === 3 ? 'example.net' : 'example.com';
  const lines = [
    '    <HOST>',
    `      <IP>${address(index, options.hosts)}</IP>`,
    '      <TRACKING_METHOD>IP</TRACKING_METHOD>',
    `      <DNS>${cdata(`${name}.${domain}`)}</DNS>`,
    ...(index % 3 === 0 ? [`      <NETBIOS>${cdata(name.toUpperCase())}</NETBIOS>`] : []),
    `      <OPERATING_SYSTEM>${cdata(pick(random, OPERATING_SYSTEMS))}</OPERATING_SYSTEM>`,
    '      <ASSET_GROUPS>',
    `        <ASSET_GROUP_TITLE>${cdata('All')}</ASSET_GROUP_TITLE>`,
    '      </ASSET_GROUPS>',
    '      <VULN_INFO_LIST>',
  ];
  yield `${lines.join('\n')}\n`;
  yield* findings(options, random, generated);
  yield '      </VULN_INFO_LIST>\n    </HOST>\n';
}

function* findings(options: SampleReportOptions, random: Random, generated: Date): Generator<string> {
  const mean = options.findingsPerHost ?? 14;
  const count = Math.max(1, mean - Math.floor(mean / 2) + random(2 * Math.floor(mean / 2) + 1));
  const start = random(SAMPLE_VULNERABILITIES.length);
  for (let number = 0; number < count; number += 1) {
    // Walking through the catalogue gives no QID twice on a port until it has gone round.
    const index = (start + number) % SAMPLE_VULNERABILITIES.length;
    const vulnerability = SAMPLE_VULNERABILITIES[index];
    if (vulnerability === undefined) {
      continue;
    }
    const round = Math.floor(number / SAMPLE_VULNERABILITIES.length);
    const port = vulnerability.ports[round] ?? highPort(vulnerability, round);
    yield finding(vulnerability, port, options.resultRows ?? 12, random, generated);
  }
}

/** A port for what goes round the catalogue more often than it has ports; the first round keeps to the catalogue. */
function highPort(vulnerability: SampleVulnerability, round: number): SamplePort | undefined {
  return round === 0 && vulnerability.ports.length === 0
    ? undefined
    : { port: 1024 + (round % 64_000), protocol: 'tcp', service: 'unknown', ssl: false };
}

const STATUSES = ['New', 'Active', 'Active', 'Active', 'Active', 'Re-Opened', 'Fixed'] as const;

function finding(
  vulnerability: SampleVulnerability,
  port: SamplePort | undefined,
  resultRows: number,
  random: Random,
  generated: Date,
): string {
  const days = random(700);
  const information = vulnerability.type === 'Ig';
  const rows = random(resultRows + 1);
  const lines = [
    '        <VULN_INFO>',
    `          <QID id="qid_${vulnerability.qid}">${vulnerability.qid}</QID>`,
    `          <TYPE>${vulnerability.type}</TYPE>`,
    ...(port ? portLines(port) : []),
    `          <SSL>${port?.ssl === true ? 'true' : 'false'}</SSL>`,
    ...(rows === 0 ? [] : [`          ${result(vulnerability, rows, random)}`]),
    `          <FIRST_FOUND>${timestamp(daysBefore(generated, days + 3))}</FIRST_FOUND>`,
    `          <LAST_FOUND>${timestamp(daysBefore(generated, 1 + (days % 3)))}</LAST_FOUND>`,
    `          <TIMES_FOUND>${1 + Math.floor(days / 7)}</TIMES_FOUND>`,
    ...(information ? [] : [`          <VULN_STATUS>${pick(random, STATUSES)}</VULN_STATUS>`]),
    `          <CVSS_FINAL>${information ? '-' : `${vulnerability.severity * 2 - 1}.${random(10)}`}</CVSS_FINAL>`,
    `          <CVSS3_FINAL>${information ? '-' : `${vulnerability.severity * 2 - 1}.${random(10)}`}</CVSS3_FINAL>`,
    '        </VULN_INFO>',
  ];
  return `${lines.join('\n')}\n`;
}

function daysBefore(date: Date, days: number): Date {
  return new Date(date.getTime() - days * 86_400_000);
}

function portLines({ port, service, protocol }: SamplePort): string[] {
  return [
    `          <PORT>${port}</PORT>`,
    // Qualys leaves the service out where it did not recognise it.
    ...(service === 'unknown' ? [] : [`          <SERVICE>${service}</SERVICE>`]),
    `          <PROTOCOL>${protocol}</PROTOCOL>`,
  ];
}

const PACKAGES = ['kernel-debug', 'openssl-libs', 'httpd', 'samba-client', 'glibc-common', 'sudo'] as const;

function result(vulnerability: SampleVulnerability, rows: number, random: Random): string {
  if (vulnerability.qid === 82003) {
    return `<RESULT>${cdata(`Timestamp of host (network byte ordering): ${10 + random(13)}:${10 + random(49)}:07 GMT`)}</RESULT>`;
  }
  if (vulnerability.qid === 82023) {
    return `<RESULT format="table">${cdata(OPEN_PORTS)}</RESULT>`;
  }
  const lines = ['Package\tInstalled Version\tRequired Version'];
  for (let row = 0; row < rows; row += 1) {
    const major = 1 + random(8);
    lines.push(
      `${pick(random, PACKAGES)}\t${major}.${random(10)}.${random(20)}-${random(900)}.el7.x86_64\t${major + 1}.0.${random(20)}-${random(900)}.el7 &lt;or later&gt;`,
    );
  }
  return `<RESULT format="table">${cdata(lines.join('\n'))}</RESULT>`;
}

const OPEN_PORTS = [
  'Port\tIANA Assigned Ports/Services\tDescription\tService Detected\tOS On Redirected Port',
  '22\tssh\tSSH Remote Login Protocol\tssh\t ',
  '80\twww\tWorld Wide Web HTTP\thttp\t ',
  '443\thttps\thttp protocol over TLS/SSL\thttp over ssl\t ',
].join('\n');

function glossary(): string {
  const entries = SAMPLE_VULNERABILITIES.map(glossaryEntry).join('');
  return `  <GLOSSARY>\n    <VULN_DETAILS_LIST>\n${entries}    </VULN_DETAILS_LIST>\n  </GLOSSARY>\n`;
}

function glossaryEntry(vulnerability: SampleVulnerability): string {
  const { qid, severity } = vulnerability;
  const lines = [
    `      <VULN_DETAILS id="qid_${qid}">`,
    `        <QID id="qid_${qid}">${qid}</QID>`,
    `        <TITLE>${cdata(vulnerability.title)}</TITLE>`,
    `        <SEVERITY>${severity}</SEVERITY>`,
    `        <CATEGORY>${vulnerability.category}</CATEGORY>`,
    `        <THREAT>${cdata(vulnerability.threat)}</THREAT>`,
    `        <IMPACT>${cdata('Somebody who knows of it may do what only the owner of the host should.<P>')}</IMPACT>`,
    `        <SOLUTION>${cdata('Install what the maker offers, or close the service to strangers.')}</SOLUTION>`,
    `        <PCI_FLAG>${severity > 2 ? 1 : 0}</PCI_FLAG>`,
    '        <LAST_UPDATE>2025-11-03T12:00:00Z</LAST_UPDATE>',
    ...(vulnerability.type === 'Ig' ? [] : scoreLines(severity)),
    ...references('CVE', vulnerability.cves, 'https://cve.example.com/'),
    ...references('BUGTRAQ', vulnerability.bugtraqs, 'https://bugtraq.example.com/bid/'),
    '      </VULN_DETAILS>',
  ];
  return `${lines.join('\n')}\n`;
}

function scoreLines(severity: number): string[] {
  return [
    '        <CVSS_SCORE>',
    `          <CVSS_BASE source="service">${severity * 2 - 1}.3 (AV:N/AC:M/Au:N/C:P/I:P/A:P)</CVSS_BASE>`,
    `          <CVSS_TEMPORAL>${severity * 2 - 1}.0 (E:U/RL:OF/RC:C)</CVSS_TEMPORAL>`,
    '        </CVSS_SCORE>',
  ];
}

function references(kind: 'CVE' | 'BUGTRAQ', ids: readonly (string | number)[], url: string): string[] {
  if (ids.length === 0) {
    return [];
  }
  return [
    `        <${kind}_ID_LIST>`,
    ...ids.map(
      (id) =>
        `          <${kind}_ID>\n            <ID>${cdata(String(id))}</ID>\n            <URL>${cdata(`${url}${id}`)}</URL>\n          </${kind}_ID>`,
    ),
    `        </${kind}_ID_LIST>`,
  ];
}

function tail(generated: Date): string {
  return `  <APPENDICES>
    <TEMPLATE_DETAILS>
      <FILTER_SUMMARY>
        Status:New, Active, Re-Opened, Fixed
        Included Operating Systems:
        All Operating Systems
      </FILTER_SUMMARY>
    </TEMPLATE_DETAILS>
  </APPENDICES>
</ASSET_DATA_REPORT>
<!-- A SAMPLE. All hosts and findings in this report are invented. ${generated.getUTCFullYear()} //-->
`;
}
