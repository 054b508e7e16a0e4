import { cdata, timestamp } from './markup.ts';
import {
  DOCUMENTATION_HOSTS,
  type SampleFinding,
  type SampleHost,
  SampleHosts,
  type SampleHostsOptions,
  SCANNED,
} from './sample-hosts.ts';
import {
  type SamplePort,
  SAMPLE_VULNERABILITIES,
  type SampleVulnerability,
} from './sample-vulnerabilities.ts';

export interface SampleReportOptions extends SampleHostsOptions {
  /** The report template's title. */
  readonly template?: string;
}

/** The XML text of an ASSET_DATA_REPORT as Qualys writes it, piece by piece, so that it can be of any size. */
export function* sampleReport(options: SampleReportOptions): Generator<string> {
  const generated = options.generated ?? SCANNED;
  yield head(options.template ?? 'Nightly import', generated, options.hosts);
  if (options.hosts > 0) {
    yield '  <HOST_LIST>\n';
    for (const host of new SampleHosts(options).from(0)) yield* hostElement(host);
    yield '  </HOST_LIST>\n';
    yield glossary();
  }
  yield tail(generated);
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

function* hostElement({ address, dns, netbios, operatingSystem, findings }: SampleHost): Generator<string> {
  const lines = [
    '    <HOST>',
    `      <IP>${address}</IP>`,
    '      <TRACKING_METHOD>IP</TRACKING_METHOD>',
    `      <DNS>${cdata(dns)}</DNS>`,
    ...(netbios === undefined ? [] : [`      <NETBIOS>${cdata(netbios)}</NETBIOS>`]),
    `      <OPERATING_SYSTEM>${cdata(operatingSystem)}</OPERATING_SYSTEM>`,
    '      <ASSET_GROUPS>',
    `        <ASSET_GROUP_TITLE>${cdata('All')}</ASSET_GROUP_TITLE>`,
    '      </ASSET_GROUPS>',
    '      <VULN_INFO_LIST>',
  ];
  yield `${lines.join('\n')}\n`;
  for (const finding of findings) yield findingElement(finding);
  yield '      </VULN_INFO_LIST>\n    </HOST>\n';
}

function findingElement(finding: SampleFinding): string {
  const { vulnerability, port, result, status, scores } = finding;
  const lines = [
    '        <VULN_INFO>',
    `          <QID id="qid_${vulnerability.qid}">${vulnerability.qid}</QID>`,
    `          <TYPE>${vulnerability.type}</TYPE>`,
    ...(port ? portLines(port) : []),
    `          <SSL>${port?.ssl === true ? 'true' : 'false'}</SSL>`,
    ...(result === undefined ? [] : [`          ${resultElement(result)}`]),
    `          <FIRST_FOUND>${timestamp(finding.firstFound)}</FIRST_FOUND>`,
    `          <LAST_FOUND>${timestamp(finding.lastFound)}</LAST_FOUND>`,
    `          <TIMES_FOUND>${finding.timesFound}</TIMES_FOUND>`,
    ...(status === undefined ? [] : [`          <VULN_STATUS>${status}</VULN_STATUS>`]),
    `          <CVSS_FINAL>${scores?.[0] ?? '-'}</CVSS_FINAL>`,
    `          <CVSS3_FINAL>${scores?.[1] ?? '-'}</CVSS3_FINAL>`,
    '        </VULN_INFO>',
  ];
  return `${lines.join('\n')}\n`;
}

function resultElement(result: string): string {
  return `<RESULT${result.includes('\t') ? ' format="table"' : ''}>${cdata(result)}</RESULT>`;
}

function portLines({ port, service, protocol }: SamplePort): string[] {
  return [
    `          <PORT>${port}</PORT>`,
    // Qualys leaves the service out where it did not recognise it.
    ...(service === 'unknown' ? [] : [`          <SERVICE>${service}</SERVICE>`]),
    `          <PROTOCOL>${protocol}</PROTOCOL>`,
  ];
}

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
