import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { DetectionCounts } from '../../../src/records/detection-counts.ts';
import type { PlannedFault } from '../../../src/simulators/qualys/qualys-simulator.ts';
import { sampleReport } from '../../../src/simulators/sample-report.ts';
import { STAGE, type StageOptions } from '../../../src/simulators/stage.ts';
import { stageFor, type TestStage } from '../../support/connector.ts';
import { runHere } from '../../support/run-here.ts';

const DETECTION = ['source: detection', 'kb_cache: cache', 'page_size: 8'];

function openStage(
  t: TestContext,
  yaml: readonly string[] = DETECTION,
  options: Omit<StageOptions, 'directory'> = {},
): Promise<TestStage> {
  return stageFor(t, { hosts: 20, yaml, ...options });
}

async function toCsv(t: TestContext, stage: TestStage): Promise<string> {
  const ended = await runHere(t, stage.directory, [stage.plugininfo, '-csvfile=Output.csv']);
  assert.equal(ended.code, 0, ended.output);
  return readFile(join(stage.directory, 'Output.csv'), 'utf8');
}

interface Summary {
  readonly inputs: readonly [
    { readonly label: string; readonly template: string | null; readonly detection?: DetectionCounts },
  ];
}

describe('the command with source: detection', () => {
  it('writes what it writes of the report of the same hosts', async (t) => {
    const ofReport = await toCsv(t, await openStage(t, []));
    const stage = await openStage(t);
    assert.equal(await toCsv(t, stage), ofReport);
    assert.equal(stage.qualys.launches, 0);
  });

  it('names the scope in place of the template, and tells what it took', async (t) => {
    const stage = await openStage(t, [
      ...DETECTION,
      'tags: Production',
      'exclude_tags: Retired',
      'min_qds: 30',
    ]);
    const args = [stage.plugininfo, '-csvfile=Output.csv', '-summary=summary.json'];
    const ended = await runHere(t, stage.directory, args);
    assert.equal(ended.code, 0, ended.output);
    const scope = 'detections (tags Production, without Retired)';
    assert.ok(ended.output.includes(`Summary of ${scope}`), ended.output);
    assert.match(ended.output, /Page 1: \d+ hosts, \d+ findings; \d+ calls left of 300 in 1 h/);
    const text = await readFile(join(stage.directory, 'summary.json'), 'utf8');
    const [{ label, template, detection }] = (JSON.parse(text) as Summary).inputs;
    assert.deepEqual([label, template], [scope, null]);
    assert.deepEqual(Object.keys(detection ?? {}), ['pages', 'calls', 'limitSeconds', 'knowledgeBase']);
    const [form] = stage.qualys.transcript.map(({ body }) => new URLSearchParams(body));
    assert.deepEqual(
      ['use_tags', 'tag_set_include', 'tag_set_exclude', 'show_qds', 'qds_min'].map((name) =>
        form?.get(name),
      ),
      ['1', 'Production', 'Retired', '1', '30'],
    );
  });

  it('asks for asset groups by number, or by title', async (t) => {
    for (const [groups, parameter] of [
      ['2222', 'ag_ids'],
      ['Data centre', 'ag_titles'],
    ] as const) {
      const stage = await openStage(t, [...DETECTION, `asset_groups: ${groups}`]);
      await toCsv(t, stage);
      const [form] = stage.qualys.transcript.map(({ body }) => new URLSearchParams(body));
      assert.equal(form?.get(parameter), groups);
    }
  });

  it('asks Qualys for what the YAML wants only', async (t) => {
    const wanted = ['min_severity: 3', 'finding_types: Vuln', 'superseded: n', 'scanned_within_days: 14'];
    const stage = await openStage(t, [...DETECTION, ...wanted]);
    await toCsv(t, stage);
    const [form] = stage.qualys.transcript.map(({ body }) => new URLSearchParams(body));
    assert.deepEqual(
      [
        'severities',
        'include_vuln_type',
        'show_igs',
        'filter_superseded_qids',
        'max_days_since_last_vm_scan',
        'status',
      ].map((name) => form?.get(name)),
      ['3-5', 'confirmed', '0', '1', '14', null],
    );
  });

  it('sends nothing before all pages are there', async (t) => {
    const faults: PlannedFault[] = [{ at: 'detection', kind: 'simple 1905', times: Infinity, after: 2 }];
    const stage = await openStage(t, DETECTION, { qualys: { faults } });
    const ended = await runHere(t, stage.directory, [...stage.toServer, '-summary=summary.json']);
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.output, /host detections are not listed.*\[QC3202\]/);
    const text = await readFile(join(stage.directory, 'summary.json'), 'utf8');
    const [{ detection }] = (JSON.parse(text) as Summary).inputs;
    assert.deepEqual([detection?.pages, detection?.calls], [2, 3]);
    assert.deepEqual(Object.keys(stage.managementCenter.networkMap.hosts), []);
  });

  it('is tested step by step, and each right that is missing is told', async (t) => {
    const well = await openStage(t);
    const args = (stage: TestStage): string[] => [stage.plugininfo, '-test', '-csvfile=Output.csv'];
    const ended = await runHere(t, well.directory, args(well));
    assert.equal(ended.code, 0, ended.output);
    assert.match(ended.output, /Detection API.*version 5\.0; \d+ calls left of 300 in 1 h/);
    assert.match(ended.output, /KnowledgeBase API.*version 4\.0; \d+ calls left/);
    assert.match(ended.output, /KnowledgeBase cache.*can be written/);
    assert.equal(well.qualys.launches, 0);

    const missing: readonly (readonly [PlannedFault['at'], PlannedFault['kind'], RegExp])[] = [
      ['about', 'simple 2000', /Qualys login.*\[QC3021\]/],
      ['detection', 'simple 2012', /Detection API.*may not read host detections.*\[QC3201\]/],
      ['knowledge-base', 'page 403', /KnowledgeBase API.*Ask Qualys Support.*\[QC3231\]/],
    ];
    for (const [at, kind, told] of missing) {
      const stage = await openStage(t, DETECTION, { qualys: { faults: [{ at, kind, times: Infinity }] } });
      const refused = await runHere(t, stage.directory, args(stage));
      assert.equal(refused.code, 2, refused.output);
      assert.match(refused.output, told);
      assert.ok(!refused.output.includes(STAGE.password));
    }
    const unknown = await openStage(t, [...DETECTION, 'tags: Nowhere']);
    assert.match((await runHere(t, unknown.directory, args(unknown))).output, /Detection API.*\[QC3202\]/);
    const noCache = await openStage(t, ['source: detection', 'kb_cache: QualysGuard.yaml']);
    assert.match(
      (await runHere(t, noCache.directory, args(noCache))).output,
      /KnowledgeBase cache.*ask for all/,
    );
  });

  it('has no templates for process-multiple', async (t) => {
    const stage = await openStage(t);
    const words = [STAGE.template, stage.plugininfo, '-csvfile=Output.csv'];
    const ended = await runHere(t, stage.directory, words, { command: 'process-multiple' });
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.output, /takes the numbers of report templates.*\[QC2013\]/);
  });

  it('reads the report of -report all the same', async (t) => {
    const stage = await openStage(t);
    await writeFile(join(stage.directory, 'report.xml'), [...sampleReport({ hosts: 3 })].join(''));
    const ended = await runHere(t, stage.directory, [
      stage.plugininfo,
      '-report=report.xml',
      '-csvfile=Output.csv',
    ]);
    assert.equal(ended.code, 0, ended.output);
    assert.equal(stage.qualys.transcript.length, 0);
  });

  it('takes an OAuth client too, and is tested with one', async (t) => {
    const client = { id: 'a-client', secret: 'its secret', level: 'user' } as const;
    const stage = await openStage(t, DETECTION, { qualys: { client } });
    assert.match(await toCsv(t, stage), /AddScanResult/);
    const ended = await runHere(t, stage.directory, [stage.plugininfo, '-test', '-csvfile=Output.csv']);
    assert.equal(ended.code, 0, ended.output);
    assert.match(ended.output, /Qualys token.*\n.*Qualys name[^]*Detection API.*\n.*KnowledgeBase API/);
  });
});
