import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { openDetectionRoom } from '../../support/detections.ts';
import { mapAfter } from '../../support/expected-map.ts';

const SAMPLES = process.env.QUALYS_SAMPLES;
const DETECTIONS = [
  'JupiterOne-graph-qualys/detections.fixture.xml',
  'DefectDojo/qualys_trurisk__detections.xml',
];
const KNOWLEDGE_BASES = ['JupiterOne-graph-qualys/steps_741716276.7.body.xml', 'qualysapi/tinykb.xml'];

/** The plain way: the whole document as one tree, and nothing of the reader. */
type Tree = Readonly<Record<string, unknown>>;
const LISTS = new Set(['HOST_LIST', 'HOST', 'DETECTION', 'VULN', 'CVE', 'BUGTRAQ']);
const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  htmlEntities: true,
  isArray: (name) => LISTS.has(name),
});

function responseOf(xml: string, root: string): Tree {
  return ((parser.parse(xml) as Tree)[root] as Tree).RESPONSE as Tree;
}

/** The elements at a path of names, each of which may be there several times. */
function list(node: Tree, ...path: readonly string[]): Tree[] {
  const [name = '', ...rest] = path;
  const found = [node[name] ?? []].flat().filter(isTree);
  return rest.length === 0 ? found : found.flatMap((one) => list(one, ...rest));
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** `address qid port protocol` of each confirmed and potential finding that is not fixed. */
function expectedOf(xml: string): string[] {
  const response = responseOf(xml, 'HOST_LIST_VM_DETECTION_OUTPUT');
  return list(response, 'HOST_LIST', 'HOST').flatMap((host) =>
    list(host, 'DETECTION_LIST', 'DETECTION')
      .filter((finding) => finding.TYPE !== 'Info' && finding.STATUS !== 'Fixed')
      .map((finding) => [host.IP, finding.QID, finding.PORT ?? '', finding.PROTOCOL ?? ''].join(' ')),
  );
}

const NUMBERS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp' };

function sentOf(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.startsWith('AddScanResult,'))
    .map((line) => line.split(','))
    .map(([, address, , qid, port = '', protocol = '']) =>
      [address, qid, port, NUMBERS[protocol] ?? ''].join(' '),
    );
}

describe('the real documents', { skip: SAMPLES === undefined && 'QUALYS_SAMPLES is not set' }, () => {
  const read = (name: string): string => readFileSync(join(SAMPLES ?? '', name), 'utf8');

  it('of detections give what a plain tree of them gives', async (t) => {
    for (const name of DETECTIONS) {
      const document = read(name);
      const room = await openDetectionRoom(
        t,
        { document },
        { knowledgeBase: { document: read(KNOWLEDGE_BASES[0] ?? '') } },
      );
      const { lines, parts } = await room.read();
      assert.deepEqual(sentOf(lines), [...new Set(expectedOf(document))], name);
      assert.ok(Object.keys(mapAfter(parts).hosts).length > 0);
    }
  });

  it('of the KnowledgeBase give the titles and CVE ids of a plain tree', async (t) => {
    for (const name of KNOWLEDGE_BASES) {
      const document = read(name);
      const entries = list(responseOf(document, 'KNOWLEDGE_BASE_VULN_LIST_OUTPUT'), 'VULN_LIST', 'VULN');
      const detections = entries.map(
        (entry) => `<DETECTION><QID>${String(entry.QID)}</QID><TYPE>Confirmed</TYPE></DETECTION>`,
      );
      const hosts = `<HOST_LIST><HOST><ID>1</ID><IP>192.0.2.1</IP><DETECTION_LIST>${detections.join('')}</DETECTION_LIST></HOST></HOST_LIST>`;
      const page = `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE>${hosts}</RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
      const room = await openDetectionRoom(t, { document: page }, { knowledgeBase: { document } });
      const { lines, detection } = await room.read({ descriptionLength: 0 });
      assert.equal(detection.knowledgeBase.fetched, entries.length);
      const sent = new Map(
        lines.filter((line) => line.startsWith('Add')).map((line) => [line.split(',')[3], line]),
      );
      for (const entry of entries) {
        const line = sent.get(String(entry.QID)) ?? '';
        const title = String(entry.TITLE)
          .replaceAll('"', "'")
          .replaceAll(/[,\s]+/g, ' ')
          .trim();
        assert.ok(line.includes(`,"${title}","",`), `${name}: ${line}`);
        const cves = list(entry, 'CVE_LIST', 'CVE').map((cve) => ` ${String(cve.ID)}`);
        assert.ok(line.includes(`"cve_ids:${cves.join('')}"`), `${name}: ${line}`);
      }
    }
  });
});
