import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { sampleReport, type SampleReportOptions } from '../../src/simulators/sample-report.ts';

interface Tree {
  readonly ASSET_DATA_REPORT: {
    readonly HOST_LIST?: {
      readonly HOST: {
        readonly IP: string;
        readonly VULN_INFO_LIST?: { readonly VULN_INFO: { readonly QID: string }[] };
      }[];
    };
    readonly GLOSSARY?: { readonly VULN_DETAILS_LIST: { readonly VULN_DETAILS: { readonly QID: string }[] } };
  };
}

function text(options: SampleReportOptions): string {
  return [...sampleReport(options)].join('');
}

function tree(xml: string): Tree['ASSET_DATA_REPORT'] {
  const lists = ['HOST', 'VULN_INFO', 'VULN_DETAILS'];
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => lists.includes(name) });
  return (parser.parse(xml) as Tree).ASSET_DATA_REPORT;
}

test('a sample report has the hosts that were asked for, each at its own address', () => {
  const hosts = tree(text({ hosts: 400 })).HOST_LIST?.HOST ?? [];
  assert.equal(hosts.length, 400);
  assert.equal(new Set(hosts.map((host) => host.IP)).size, 400);
});

test('every finding has its entry in the glossary', () => {
  const report = tree(text({ hosts: 60 }));
  const known = new Set(report.GLOSSARY?.VULN_DETAILS_LIST.VULN_DETAILS.map((entry) => entry.QID));
  const found = report.HOST_LIST?.HOST.flatMap((host) => host.VULN_INFO_LIST?.VULN_INFO ?? []) ?? [];
  assert.ok(found.length > 500, `${found.length} findings`);
  assert.deepEqual(
    found.filter((finding) => !known.has(finding.QID)),
    [],
  );
});

test('the same seed gives the same report, another one another', () => {
  assert.equal(text({ hosts: 20, seed: 7 }), text({ hosts: 20, seed: 7 }));
  assert.notEqual(text({ hosts: 20, seed: 7 }), text({ hosts: 20, seed: 8 }));
});

test('a report without hosts has neither hosts nor glossary, as real ones', () => {
  const report = tree(text({ hosts: 0 }));
  assert.equal(report.HOST_LIST, undefined);
  assert.equal(report.GLOSSARY, undefined);
});
