import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from './temporary-directory.ts';

export interface FindingXml {
  readonly qid: number | string;
  readonly type?: string;
  readonly status?: string;
  readonly port?: number | string;
  readonly protocol?: string;
  readonly result?: string;
}

/** One VULN_INFO; a confirmed, active finding unless told otherwise. */
export function findingXml(finding: FindingXml): string {
  const { qid, type = 'Vuln', status = 'Active', port, protocol, result } = finding;
  return [
    `<VULN_INFO><QID id="qid_${qid}">${qid}</QID><TYPE>${type}</TYPE>`,
    port === undefined ? '' : `<PORT>${port}</PORT>`,
    protocol === undefined ? '' : `<PROTOCOL>${protocol}</PROTOCOL>`,
    '<SSL>false</SSL>',
    result === undefined ? '' : `<RESULT format="table"><![CDATA[${result}]]></RESULT>`,
    status === '' ? '' : `<VULN_STATUS>${status}</VULN_STATUS>`,
    '</VULN_INFO>',
  ].join('');
}

/** One HOST with `details` (elements) behind its address. */
export function hostXml(ip: string, findings: readonly FindingXml[], details = ''): string {
  const list = findings.map(findingXml).join('\n');
  return `<HOST><IP>${ip}</IP>${details}<VULN_INFO_LIST>${list}</VULN_INFO_LIST></HOST>\n`;
}

export interface EntryXml {
  readonly qid: number;
  readonly title?: string;
  readonly severity?: number | string;
  readonly threat?: string;
  readonly cves?: readonly string[];
  readonly bugtraqs?: readonly string[];
}

/** One VULN_DETAILS. */
export function entryXml(entry: EntryXml): string {
  const { qid, title = `Title of ${qid}`, severity = 3, threat = 'A threat.' } = entry;
  const ids = (name: string, list: readonly string[] = []) =>
    list.length === 0
      ? ''
      : `<${name}_LIST>${list.map((id) => `<${name}><ID><![CDATA[${id}]]></ID></${name}>`).join('')}</${name}_LIST>`;
  return [
    `<VULN_DETAILS id="qid_${qid}"><QID id="qid_${qid}">${qid}</QID><TITLE><![CDATA[${title}]]></TITLE>`,
    `<SEVERITY>${severity}</SEVERITY><CATEGORY>Local</CATEGORY><THREAT><![CDATA[${threat}]]></THREAT>`,
    ids('CVE_ID', entry.cves),
    ids('BUGTRAQ_ID', entry.bugtraqs),
    '</VULN_DETAILS>\n',
  ].join('');
}

/** A whole document of hosts and entries that are XML already. */
export function reportXml(hosts: readonly string[], entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>

<!DOCTYPE ASSET_DATA_REPORT SYSTEM "https://qualysguard.example.com/asset_data_report.dtd">
<ASSET_DATA_REPORT>
<HEADER><TEMPLATE><![CDATA[Nightly]]></TEMPLATE><GENERATION_DATETIME>2026-01-15T06:00:00Z</GENERATION_DATETIME></HEADER>
<HOST_LIST>
${hosts.join('')}</HOST_LIST>
<GLOSSARY><VULN_DETAILS_LIST>
${entries.join('')}</VULN_DETAILS_LIST></GLOSSARY>
</ASSET_DATA_REPORT>
<!-- The end. //-->
`;
}

/** Writes a document to a file of the test's own; gives its path. */
export async function reportFile(t: TestContext, document: string | Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(t), 'report.xml');
  await writeFile(path, document);
  return path;
}
