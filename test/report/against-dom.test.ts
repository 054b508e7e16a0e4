import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { reportFile } from '../support/asset-report.ts';
import { readAll } from './read.ts';

/** Address, QID, port, protocol, and the glossary's ids, of every finding in the document's order. */
type Row = readonly [ip: string, qid: string, port: string, protocol: string, cves: string, bugtraqs: string];

const lists = new Set(['HOST', 'VULN_INFO', 'VULN_DETAILS', 'CVE_ID', 'BUGTRAQ_ID']);

/** The plain way: the whole document as one tree, and nothing of the reader. */
type Tree = Record<string, unknown>;

function rowsOfTree(xml: string): Row[] {
  const parser = new XMLParser({
    parseTagValue: false,
    htmlEntities: true,
    isArray: (name) => lists.has(name),
  });
  const [report = {}] = Object.values(parser.parse(xml) as Record<string, Tree>).slice(-1);
  const ids = new Map<string, { cves: string; bugtraqs: string }>();
  for (const details of listAt(report, 'GLOSSARY', 'VULN_DETAILS_LIST', 'VULN_DETAILS')) {
    ids.set(textAt(details, 'QID'), {
      cves: listAt(details, 'CVE_ID_LIST', 'CVE_ID')
        .map((cve) => textAt(cve, 'ID'))
        .join(' '),
      bugtraqs: listAt(details, 'BUGTRAQ_ID_LIST', 'BUGTRAQ_ID')
        .map((bugtraq) => textAt(bugtraq, 'ID'))
        .join(' '),
    });
  }
  return listAt(report, 'HOST_LIST', 'HOST').flatMap((host) =>
    listAt(host, 'VULN_INFO_LIST', 'VULN_INFO').map((finding): Row => {
      const qid = textAt(finding, 'QID');
      const { cves = '', bugtraqs = '' } = ids.get(qid) ?? {};
      return [textAt(host, 'IP'), qid, textAt(finding, 'PORT'), textAt(finding, 'PROTOCOL'), cves, bugtraqs];
    }),
  );
}

function textAt(node: Tree, name: string): string {
  const text = node[name];
  return typeof text === 'string' ? text : textIn(text as Tree | undefined);
}

/** An element that has attributes is a tree with its text in it. */
function textIn(node: Tree | undefined): string {
  const text = node?.['#text'];
  return typeof text === 'string' ? text : '';
}

function listAt(node: Tree, ...path: string[]): Tree[] {
  const found = path.reduce<unknown>((inner, name) => (inner as Tree | undefined)?.[name], node);
  return (found ?? []) as Tree[];
}

async function rowsOfReader(path: string): Promise<Row[]> {
  const { hosts, glossary } = await readAll(path);
  const entries = new Map(glossary.map((entry) => [entry.qid, entry]));
  return hosts.flatMap(({ ip, findings }) =>
    findings.map(({ qid, port, protocol }): Row => {
      const entry = entries.get(qid);
      return [
        ip,
        String(qid),
        port === 0 ? '' : String(port),
        protocol,
        entry?.cves.join(' ') ?? '',
        entry?.bugtraqs.join(' ') ?? '',
      ];
    }),
  );
}

test('a sample report reads as a plain tree of it does', async (t) => {
  const xml = [...sampleReport({ hosts: 60 })].join('');
  const rows = rowsOfTree(xml);
  assert.ok(rows.length > 500);
  assert.deepEqual(await rowsOfReader(await reportFile(t, xml)), rows);
});

const samples = process.env.QUALYS_SAMPLES;
const skip = samples === undefined && 'QUALYS_SAMPLES names no folder of real reports';

test('every real report reads as a plain tree of it does', { skip }, async (t) => {
  const paths = readdirSync(samples ?? '', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.xml'))
    .map((name) => join(samples ?? '', name));
  let read = 0;
  for (const path of paths) {
    const xml = readFileSync(path, 'utf8');
    if (/<ASSET_DATA_REPORT\b/.test(xml)) {
      assert.deepEqual(await rowsOfReader(path), rowsOfTree(xml), path);
      read += 1;
    } else {
      await assert.rejects(readAll(path), /\[QC40\d\d\]$/, path);
    }
  }
  t.diagnostic(`${read} reports compared, ${paths.length - read} other documents refused`);
  assert.ok(read > 0);
});
