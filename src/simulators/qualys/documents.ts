import { cdata, escaped, timestamp } from '../markup.ts';
import type { SimulatedTemplate } from './simulator-options.ts';

/** The small documents that Qualys answers with, in its own layout. */

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n';

export interface SimpleReturn {
  readonly code?: number;
  readonly text: string;
  readonly items?: Readonly<Record<string, string>>;
}

export function simpleReturn({ code, text, items = {} }: SimpleReturn): string {
  const list = Object.entries(items).map(
    ([key, value]) =>
      `      <ITEM>\n        <KEY>${key}</KEY>\n        <VALUE>${escaped(value)}</VALUE>\n      </ITEM>\n`,
  );
  return `${DECLARATION}<!DOCTYPE SIMPLE_RETURN SYSTEM "https://localhost/api/2.0/simple_return.dtd">
<SIMPLE_RETURN>
  <RESPONSE>
    <DATETIME>${now()}</DATETIME>
${code === undefined ? '' : `    <CODE>${code}</CODE>\n`}    <TEXT>${escaped(text)}</TEXT>
${list.length === 0 ? '' : `    <ITEM_LIST>\n${list.join('')}    </ITEM_LIST>\n`}  </RESPONSE>
</SIMPLE_RETURN>
`;
}

export function genericReturn(number: number, text: string): string {
  return `${DECLARATION}<!DOCTYPE GENERIC_RETURN SYSTEM "https://localhost/generic_return.dtd">
<!-- This report was generated with an evaluation version of Qualys //-->
<GENERIC_RETURN>
  <API name="index.php" username="simulated" at="${now()}" />
  <RETURN status="FAILED" number="${number}">
    ${escaped(text)}
  </RETURN>
</GENERIC_RETURN>
<!-- Incident signature: 5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e //-->
`;
}

export interface ListedReport {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly percent: number | undefined;
  readonly launched: Date;
  readonly user: string;
  readonly format: string;
}

export function reportList(reports: readonly ListedReport[]): string {
  const list = reports.map(listed).join('');
  return `${DECLARATION}<!DOCTYPE REPORT_LIST_OUTPUT SYSTEM "https://localhost/api/2.0/fo/report/report_list_output.dtd">
<REPORT_LIST_OUTPUT>
  <RESPONSE>
    <DATETIME>${now()}</DATETIME>
${list === '' ? '' : `    <REPORT_LIST>\n${list}    </REPORT_LIST>\n`}  </RESPONSE>
</REPORT_LIST_OUTPUT>
`;
}

/** Days after which Qualys deletes a report by itself. */
const RETENTION_DAYS = 7;

function listed({ id, title, state, percent, launched, user, format }: ListedReport): string {
  const expires = new Date(launched.getTime() + RETENTION_DAYS * 86_400_000);
  return `      <REPORT>
        <ID>${id}</ID>
        <TITLE>${cdata(title)}</TITLE>
        <TYPE>Scan</TYPE>
        <USER_LOGIN>${escaped(user)}</USER_LOGIN>
        <LAUNCH_DATETIME>${timestamp(launched)}</LAUNCH_DATETIME>
        <OUTPUT_FORMAT>${format}</OUTPUT_FORMAT>
        <SIZE>4.65 KB</SIZE>
        <STATUS>
          <STATE>${state}</STATE>${percent === undefined ? '' : `\n          <PERCENT>${percent}</PERCENT>`}
        </STATUS>
        <EXPIRATION_DATETIME>${timestamp(expires)}</EXPIRATION_DATETIME>
      </REPORT>
`;
}

export function templateList(templates: readonly SimulatedTemplate[]): string {
  const list = templates.map(
    (template) => `  <REPORT_TEMPLATE>
    <ID>${template.id}</ID>
    <TYPE>${template.type ?? 'Auto'}</TYPE>
    <TEMPLATE_TYPE>${template.templateType ?? 'Scan'}</TEMPLATE_TYPE>
    <TITLE><![CDATA[${template.title}]]></TITLE>
    <LAST_UPDATE>2026-01-01T00:00:00Z</LAST_UPDATE>
    <GLOBAL>1</GLOBAL>
  </REPORT_TEMPLATE>
`,
  );
  return `${DECLARATION}<!DOCTYPE REPORT_TEMPLATE_LIST SYSTEM "https://localhost/report_template_list.dtd">
<!-- This report was generated with an evaluation version of Qualys //-->
<REPORT_TEMPLATE_LIST>
${list.join('')}</REPORT_TEMPLATE_LIST>
`;
}

export function about(): string {
  return `${DECLARATION}<!DOCTYPE ABOUT SYSTEM "https://localhost/about.dtd">
<ABOUT>
  <API-VERSION MAJOR="2" MINOR="7" />
  <WEB-VERSION>10.32.0.0-1</WEB-VERSION>
  <SCANNER-VERSION>12.0.0-1</SCANNER-VERSION>
  <VULNSIGS-VERSION>2.6.0-1</VULNSIGS-VERSION>
</ABOUT>
`;
}

export function now(): string {
  return timestamp(new Date());
}
