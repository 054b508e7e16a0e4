import assert from 'node:assert/strict';
import test from 'node:test';
import type { Finding } from '../../src/records/finding-list.ts';
import { entryXml, findingXml, hostXml, reportXml } from '../support/asset-report.ts';
import { readDocument, type WholeReport } from './read.ts';

const entry = entryXml({
  qid: 38170,
  title: 'A title',
  severity: 2,
  threat: 'A <B>threat</B>.',
  cves: ['CVE-2014-0160'],
});

function findingsOf({ hosts }: WholeReport): Finding[] {
  return hosts.flatMap(({ findings }) => findings);
}

function root(inner: string): string {
  return `<ASSET_DATA_REPORT>${inner}</ASSET_DATA_REPORT>`;
}

test('a report gives its header, its hosts with their findings, and its glossary', async (t) => {
  const host = hostXml(
    '192.0.2.1',
    [
      { qid: 38170, port: 443, protocol: 'tcp', result: 'x < y && z' },
      { qid: 82003, type: 'Practice', status: 'Re-Opened' },
    ],
    '<DNS><![CDATA[www.example.com]]></DNS><NETBIOS><![CDATA[WWW]]></NETBIOS><OPERATING_SYSTEM>Linux &amp; more</OPERATING_SYSTEM>',
  );
  const report = await readDocument(t, reportXml([host], [entry]));
  assert.deepEqual(report, {
    header: { template: 'Nightly', generated: '2026-01-15T06:00:00Z' },
    invalidBytes: 0,
    hosts: [
      {
        ip: '192.0.2.1',
        ip6: '',
        dns: 'www.example.com',
        netbios: 'WWW',
        operatingSystem: 'Linux & more',
        findingCount: 2,
        findings: [
          { qid: 38170, port: 443, protocol: 'tcp', type: 'vuln', status: 'active', severity: 0 },
          { qid: 82003, port: 0, protocol: '', type: 'practice', status: 'reopened', severity: 0 },
        ],
      },
    ],
    glossary: [
      {
        qid: 38170,
        severity: 2,
        title: 'A title',
        threat: 'A <B>threat</B>.',
        cves: ['CVE-2014-0160'],
        bugtraqs: [],
      },
    ],
  });
});

test('hosts, glossary and the children of a host may come in any order', async (t) => {
  const host = `<HOST><VULN_INFO_LIST><VULN_INFO><VULN_STATUS>New</VULN_STATUS><PROTOCOL>udp</PROTOCOL><PORT>161</PORT><TYPE>Vuln</TYPE><QID>78030</QID></VULN_INFO></VULN_INFO_LIST><IP>192.0.2.9</IP></HOST>`;
  const report = await readDocument(
    t,
    root(
      `<GLOSSARY><VULN_DETAILS_LIST>${entry}</VULN_DETAILS_LIST></GLOSSARY><HOST_LIST>${host}</HOST_LIST><HEADER/>`,
    ),
  );
  assert.equal(report.glossary.length, 1);
  assert.equal(report.hosts[0]?.ip, '192.0.2.9');
  assert.deepEqual(findingsOf(report), [
    { qid: 78030, port: 161, protocol: 'udp', type: 'vuln', status: 'new', severity: 0 },
  ]);
});

test('a report without hosts and glossary is an empty report', async (t) => {
  const report = await readDocument(t, root('<HEADER><COMPANY>Example</COMPANY></HEADER>'));
  assert.deepEqual([report.hosts, report.glossary], [[], []]);
});

test('a host may have no findings, or be only an error', async (t) => {
  const report = await readDocument(
    t,
    root(
      '<HOST_LIST><HOST><IP>192.0.2.1</IP></HOST><HOST><ERROR>no data &amp; no host</ERROR></HOST><HOST/></HOST_LIST>',
    ),
  );
  assert.deepEqual(
    report.hosts.map(({ ip, error, findingCount }) => ({ ip, error, findingCount })),
    [
      { ip: '192.0.2.1', error: undefined, findingCount: 0 },
      { ip: '', error: 'no data & no host', findingCount: 0 },
      { ip: '', error: undefined, findingCount: 0 },
    ],
  );
});

test('comments, instructions and blank lines may stand around everything', async (t) => {
  const document = `\n<!-- evaluation version --> \n\n<?xml version="1.0"?><!-- <ASSET_DATA_REPORT> -->
<!DOCTYPE ASSET_DATA_REPORT SYSTEM "https://example.com/a>b.dtd"><!-- "banner' //-->
<ASSET_DATA_REPORT ><!-- </ASSET_DATA_REPORT> --><?pi <HOST_LIST> ?>
<HOST_LIST\n><!-- <HOST> --><HOST ><IP network_id='a>b'><!-- x -->192.0.2.1</IP >
<VULN_INFO_LIST ><VULN_INFO\t><QID id='qid_1'>1</QID ><TYPE>Vuln<!-- - -- --></TYPE><RESULT><![CDATA[</RESULT></VULN_INFO> ]] > ]]]]><![CDATA[>]]></RESULT></VULN_INFO
></VULN_INFO_LIST></HOST></HOST_LIST></ASSET_DATA_REPORT>
<!-- CONFIDENTIAL //--><unread`;
  const report = await readDocument(t, document);
  assert.equal(report.hosts[0]?.ip, '192.0.2.1');
  assert.deepEqual(findingsOf(report), [
    { qid: 1, port: 0, protocol: '', type: 'vuln', status: '', severity: 0 },
  ]);
});

test('elements that nobody knows are passed over, however deep', async (t) => {
  const deep = '<A>'.repeat(500) + '<QID>7</QID><HOST/>' + '</A>'.repeat(500);
  const finding = `<VULN_INFO>${deep}<QID>1</QID><INSTANCE/><TYPE>Vuln</TYPE></VULN_INFO>`;
  const report = await readDocument(
    t,
    root(
      `${deep}<HOST_LIST>${deep}<HOST><IP_INTERFACES><IP>10.0.0.1</IP></IP_INTERFACES><IP>192.0.2.1</IP>text ]]> here<VULN_INFO_LIST>${finding}</VULN_INFO_LIST></HOST></HOST_LIST>`,
    ),
  );
  assert.equal(report.hosts[0]?.ip, '192.0.2.1');
  assert.deepEqual(
    findingsOf(report).map(({ qid }) => qid),
    [1],
  );
});

test('text is decoded: references, CDATA in parts, both mixed', async (t) => {
  const report = await readDocument(
    t,
    root(
      '<HOST_LIST><HOST><IP>192.0.2.&#49;</IP><DNS>a<![CDATA[ &amp; ]]>b&#x2019;&lt;<![CDATA[]]]]><![CDATA[>]]>&eacute;</DNS></HOST></HOST_LIST>' +
        '<HEADER><TEMPLATE><![CDATA[]]></TEMPLATE></HEADER>',
    ),
  );
  assert.deepEqual(
    report.hosts.map(({ ip, dns }) => [ip, dns]),
    [['192.0.2.1', 'a &amp; b’<]]>&eacute;']],
  );
});

test('a QID comes from its text, else from its attribute, else it is 0', async (t) => {
  const qids = [
    '<QID id="qid_5">7</QID>',
    '<QID id="qid_5"/>',
    '<QID id="qid_5">x</QID>',
    '<QID>4294967296</QID>',
    '<QID>-1</QID>',
    '',
  ];
  const findings = qids.map((qid) => `<VULN_INFO>${qid}<TYPE>Ig</TYPE></VULN_INFO>`).join('');
  const entries =
    '<VULN_DETAILS id="qid_9"><TITLE>t</TITLE></VULN_DETAILS><VULN_DETAILS id="qid_9"><QID>8</QID></VULN_DETAILS>';
  const report = await readDocument(
    t,
    root(
      `<HOST_LIST><HOST><VULN_INFO_LIST>${findings}</VULN_INFO_LIST></HOST></HOST_LIST><GLOSSARY><VULN_DETAILS_LIST>${entries}</VULN_DETAILS_LIST></GLOSSARY>`,
    ),
  );
  assert.deepEqual(
    findingsOf(report).map(({ qid }) => qid),
    [7, 5, 5, 0, 0, 0],
  );
  assert.deepEqual(
    report.glossary.map(({ qid }) => qid),
    [9, 8],
  );
});

test('a port is 1 to 65535, a protocol is tcp or udp', async (t) => {
  const ports = ['65535', '65536', '0', '-1', '8o', '', ' 80 '];
  const findings = [
    ...ports.map((port) => ({ qid: 1, port })),
    { qid: 1, protocol: 'UDP' },
    { qid: 1, protocol: 'icmp' },
  ];
  const report = await readDocument(t, reportXml([hostXml('192.0.2.1', findings)], []));
  assert.deepEqual(
    findingsOf(report).map(({ port }) => port),
    [65535, 0, 0, 0, 0, 0, 80, 0, 0],
  );
  assert.deepEqual(
    findingsOf(report)
      .slice(-2)
      .map(({ protocol }) => protocol),
    ['udp', ''],
  );
});

test('types and statuses beyond all measure are no way to fill the memory', async (t) => {
  const findings = Array.from({ length: 300 }, (_, index) =>
    findingXml({ qid: 1, type: `T${index}`, status: `S${index}` }),
  );
  const report = await readDocument(
    t,
    root(`<HOST_LIST><HOST><VULN_INFO_LIST>${findings.join('')}</VULN_INFO_LIST></HOST></HOST_LIST>`),
  );
  assert.equal(findingsOf(report)[10]?.type, 't10');
  assert.equal(findingsOf(report)[299]?.type, 'unknown');
});

test('lines may end in CR LF', async (t) => {
  const document = reportXml([hostXml('192.0.2.1', [{ qid: 1, port: 22, protocol: 'tcp' }])], [entry]);
  assert.deepEqual(
    await readDocument(t, document.replaceAll('\n', '\r\n').replaceAll('><', '>\r\n  <')),
    await readDocument(t, document),
  );
});

test('an aborted signal ends the reading with its reason', async (t) => {
  const { readReport } = await import('../../src/report/read-report.ts');
  const { reportFile } = await import('../support/asset-report.ts');
  const path = await reportFile(t, reportXml([], []));
  const reason = new Error('that is enough');
  await assert.rejects(
    readReport(path, {
      hostDetails: false,
      signal: AbortSignal.abort(reason),
      veil: (text) => text,
      glossaryEntry: () => undefined,
    }),
    reason,
  );
});
