import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { NetworkMapData } from '../../src/simulators/management-center/network-map.ts';
import type { SimulatedDetections } from '../../src/simulators/qualys/detection/assets.ts';
import type { QualysSimulatorOptions } from '../../src/simulators/qualys/simulator-options.ts';
import { SampleHosts } from '../../src/simulators/sample-hosts.ts';
import { stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

const HOSTS = 12;

/** Both servers, with detections of the same hosts as the report. */
function openStage(
  t: TestContext,
  detections: Partial<SimulatedDetections> = {},
  qualys: Partial<QualysSimulatorOptions> = {},
  yaml: readonly string[] = [],
): Promise<TestStage> {
  const all = { hosts: new SampleHosts({ hosts: HOSTS }), ...detections };
  return stageFor(t, { hosts: HOSTS, yaml, qualys: { detections: all, ...qualys } });
}

/** Runs the command with the detections, and tells how it ended and what the map is then. */
async function importDetections(t: TestContext, { directory, toServer, files, managementCenter }: TestStage) {
  const words = [
    ...toServer.filter((word) => !word.startsWith('-plugininfo')),
    `-plugininfo=${files.detectionYaml}`,
  ];
  return { ...(await runHere(t, directory, words)), map: managementCenter.networkMap };
}

/** The map that the report of the same hosts gives. */
async function mapOfReport(t: TestContext, yaml: readonly string[] = []): Promise<NetworkMapData> {
  const stage = await openStage(t, {}, {}, yaml);
  const { code, output } = await runHere(t, stage.directory, stage.toServer);
  assert.equal(code, 0, output);
  return stage.managementCenter.networkMap;
}

describe('the map from the detections is that from the report', () => {
  let plain: Promise<NetworkMapData> | undefined;
  /** Made once, for what is chosen by nothing. */
  const mapOfPlainReport = (t: TestContext): Promise<NetworkMapData> => (plain ??= mapOfReport(t));

  for (const kind of ['warning first', 'two host lists', 'null texts', 'another order'] as const) {
    it(`though pages come with this: ${kind}`, async (t) => {
      const faults = [{ at: 'detection', kind, times: Infinity } as const];
      const stage = await openStage(t, {}, { faults });
      const { code, output, map } = await importDetections(t, stage);
      assert.equal(code, 0, output);
      assert.deepEqual(map, await mapOfPlainReport(t));
    });
  }

  it('though some hosts are listed twice, on pages of their own', async (t) => {
    const stage = await openStage(t, { twins: 5 }, {}, []);
    await writeFile(
      stage.files.detectionYaml,
      `${readFileSync(stage.files.detectionYaml, 'utf8')}page_size: 4\n`,
    );
    const { code, output, map } = await importDetections(t, stage);
    assert.equal(code, 0, output);
    assert.deepEqual(map, await mapOfPlainReport(t));
  });

  it('whatever is chosen', async (t) => {
    const yaml = [
      'min_severity: 2',
      'finding_types: Vuln',
      'include_fixed: y',
      'exclude_qids: 38170-38173',
      'exclude_hosts: 192.0.2.2, 198.51.100.0/30',
      'with_cve_only: y',
    ];
    const stage = await openStage(t, {}, {}, yaml);
    const { code, output, map } = await importDetections(t, stage);
    assert.equal(code, 0, output);
    assert.ok(Object.keys(map.hosts).length > 0);
    assert.deepEqual(map, await mapOfReport(t, yaml));
  });
});

describe('nothing is sent when the detections are not all there', () => {
  const cases: readonly [what: string, faults: QualysSimulatorOptions['faults'], message: RegExp][] = [
    ['pages that go round', [{ at: 'detection', kind: 'id_min again', times: 1, after: 1 }], /QC3204/],
    [
      'a page that names no next one',
      [{ at: 'detection', kind: 'id_min missing', times: 1, after: 1 }],
      /QC3204/,
    ],
    ['a right that is lost', [{ at: 'detection', kind: 'simple 2012', times: 1, after: 2 }], /QC3201/],
    [
      'no right to the KnowledgeBase',
      [{ at: 'knowledge-base', kind: 'simple 2012', times: Infinity }],
      /KnowledgeBase.*QC32[34]/,
    ],
  ];
  for (const [what, faults, message] of cases) {
    it(`because of ${what}`, async (t) => {
      const stage = await openStage(t, {}, { faults: faults ?? [] });
      await writeFile(
        stage.files.detectionYaml,
        `${readFileSync(stage.files.detectionYaml, 'utf8')}page_size: 3\n`,
      );
      const { code, output, map } = await importDetections(t, stage);
      assert.equal(code, 2, output);
      assert.match(output, message);
      assert.deepEqual(map.hosts, {});
    });
  }
});

const samples = process.env.QUALYS_SAMPLES;
const skip = samples === undefined && 'QUALYS_SAMPLES names no folder of real documents';

type Tree = Record<string, unknown>;

/** What a plain tree reading of both documents finds: `address qid port protocol cves`, by their order. */
function rowsOfTree(detections: string, knowledgeBase: string): string[] {
  const lists = ['HOST', 'DETECTION', 'VULN', 'CVE'];
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => lists.includes(name) });
  const at = (node: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((inner, name) => (inner as Tree | undefined)?.[name], node);
  const list = (node: unknown, ...path: string[]): Tree[] => (at(node, ...path) ?? []) as Tree[];
  const text = (node: Tree, name: string): string => (typeof node[name] === 'string' ? node[name] : '');
  const cves = new Map(
    list(parser.parse(knowledgeBase), 'KNOWLEDGE_BASE_VULN_LIST_OUTPUT', 'RESPONSE', 'VULN_LIST', 'VULN').map(
      (vuln) => [text(vuln, 'QID'), list(vuln, 'CVE_LIST', 'CVE').map((cve) => text(cve, 'ID'))],
    ),
  );
  const root = 'HOST_LIST_VM_DETECTION_OUTPUT';
  return list(parser.parse(detections), root, 'RESPONSE', 'HOST_LIST', 'HOST')
    .flatMap((host) =>
      list(host, 'DETECTION_LIST', 'DETECTION').map((finding) =>
        [
          text(host, 'IP'),
          text(finding, 'QID'),
          text(finding, 'PORT'),
          text(finding, 'PORT') === '' ? '' : text(finding, 'PROTOCOL'),
          ...(cves.get(text(finding, 'QID')) ?? []),
        ].join(' '),
      ),
    )
    .sort();
}

const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp' };

function rowsOfMap({ hosts }: NetworkMapData): string[] {
  return Object.entries(hosts)
    .flatMap(([address, { results }]) =>
      Object.values(results).flatMap((byKey) =>
        Object.values(byKey).map(({ vulnerability, port, protocol, cveIds }) =>
          [address, vulnerability, port, PROTOCOLS[protocol] ?? protocol, ...cveIds].join(' '),
        ),
      ),
    )
    .sort();
}

describe('real documents give the map that a plain tree gives', { skip }, () => {
  const pages = [
    'JupiterOne-graph-qualys/detections.fixture.xml',
    'DefectDojo/qualys_trurisk__detections.xml',
  ];
  const bases = ['JupiterOne-graph-qualys/steps_741716276.7.body.xml', 'qualysapi/tinykb.xml'];
  for (const [page, base] of pages.flatMap((one) => bases.map((other) => [one, other] as const))) {
    it(`${page} with ${base}`, async (t) => {
      const read = (name: string): string => readFileSync(join(samples ?? '', name), 'utf8');
      const [document, knowledge] = [read(page), read(base)];
      const stage = await openStage(t, { document }, { knowledgeBase: { document: knowledge } });
      const { code, output, map } = await importDetections(t, stage);
      assert.equal(code, 0, output);
      assert.deepEqual(rowsOfMap(map), rowsOfTree(document, knowledge));
    });
  }
});
