/** What the page and the metrics say of changes and detections, as the command writes them. */
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { valuesIn } from '../../src/metrics/exposition.ts';
import { entryXml, type FindingXml, hostXml, reportXml } from '../support/asset-report.ts';
import { type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { textOf } from '../support/text-of-page.ts';

const GLOSSARY = [1, 2, 3, 4, 5].map((severity) =>
  entryXml({ qid: severity, severity, ...(severity > 3 && { cves: [`CVE-2026-000${severity}`] }) }),
);

interface Night extends Ended {
  /** Of the page. */
  readonly text: string;
  /** Of the metrics: by name and the labels but server and source, as `new_findings 5`. */
  readonly metrics: ReadonlyMap<string, number>;
}

async function outputsOf(directory: string, ended: Ended): Promise<Night> {
  const text = textOf(await readFile(join(directory, 'p.html'), 'utf8'));
  const values = valuesIn(await readFile(join(directory, 'm.prom'), 'utf8')) ?? assert.fail('damaged');
  const metrics = new Map(
    [...values].map(([series, value]) => [
      series
        .replace('qualys_connector_', '')
        .replace(/(server|source)="[^"]*",?/g, '')
        .replace(/\{(?:\w+="([^"]*)")?,?\}/, (_, label?: string) => (label === undefined ? '' : ` ${label}`)),
      value,
    ]),
  );
  return { ...ended, text, metrics };
}

/** A run with -changed of a report of ten hosts with QID 3 each, but for those given. */
async function night(
  t: TestContext,
  stage: TestStage,
  others: Readonly<Record<string, readonly FindingXml[]>> = {},
  ...more: readonly string[]
): Promise<Night> {
  const same = Array.from({ length: 10 }, (_, index) => [`192.0.2.${index + 1}`, [{ qid: 3 }]] as const);
  const hosts = Object.entries({ ...Object.fromEntries(same), ...others });
  const written = hosts.filter(([, findings]) => findings.length > 0).map(([ip, list]) => hostXml(ip, list));
  const report = reportXml(written, GLOSSARY).replace('2026-01-15T06:00:00Z', new Date().toISOString());
  await writeFile(join(stage.directory, 'report.xml'), report);
  const words = ['-report=report.xml', '-state=state', '-changed', '-page=p.html', '-metrics=m.prom'];
  const ended = await runHere(t, stage.directory, [...stage.toServer, ...words, ...more]);
  await stage.managementCenter.settled();
  return outputsOf(stage.directory, ended);
}

/** Hosts of night() that are not in the report any more. */
function gone(...numbers: readonly number[]): Record<string, readonly FindingXml[]> {
  return Object.fromEntries(numbers.map((number) => [`192.0.2.${number}`, []]));
}

test('the page and the metrics tell what changed', async (t) => {
  const stage = await stageFor(t);
  const first = await night(t, stage);
  assert.equal(first.code, 0, first.output);
  assert.match(first.text, /There was nothing to compare with: all of it counts as new\./);
  assert.equal(first.metrics.get('changed_hosts new'), 10);
  const second = await night(t, stage, {
    '192.0.2.1': [{ qid: 3 }, { qid: 5 }],
    '192.0.2.2': [{ qid: 4 }],
    '192.0.2.77': [{ qid: 1 }],
    ...gone(3),
  });
  assert.equal(second.code, 0, second.output);
  assert.match(second.text, /7 hosts are as before, and not sent again\./);
  assert.match(second.text, /What changed Compared with what was acknowledged on /);
  assert.match(second.text, / new 1 changed 2 unchanged 7 gone 1 /);
  assert.match(second.text, /Findings: 3 new, 2 gone .* 5 urgent 1 0 4 critical 1 0 3 serious 0 2 /i);
  assert.deepEqual(
    ['new', 'changed', 'unchanged', 'gone'].map((kind) => second.metrics.get(`changed_hosts ${kind}`)),
    [1, 2, 7, 1],
  );
  assert.deepEqual([second.metrics.get('new_findings 5'), second.metrics.get('gone_findings 3')], [1, 2]);
  // Of all that the source has, sent or as before.
  assert.equal(second.metrics.get('findings_with_cve'), 2);
});

test('where nothing changed the headline says so, and of how many hosts', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage);
  const { code, text, metrics } = await night(t, stage);
  assert.equal(code, 0);
  assert.match(
    text,
    /Nothing new to deliver from report report\.xml to \S+ : 10 hosts are as before Nothing of what came from /,
  );
  assert.equal(metrics.get('delivered_hosts'), 0);
});

test('exit code 3 for hosts that are gone: the sentence on top says why', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage);
  const { code, text } = await night(t, stage, gone(1, 2, 3, 4));
  assert.equal(code, 3);
  assert.match(
    text,
    /Nothing new to deliver from .*: 6 hosts are as before, but it needs a look 4 of 10 hosts are gone since last time: 40 %.*\[QC6104\].*Nothing of what came/,
  );
  const forced = await night(t, stage, gone(1, 2, 3, 4), '-force');
  assert.equal(forced.code, 0, forced.output);
  assert.doesNotMatch(forced.text, /needs a look/);
});

test('from the detections: pages, calls and the KnowledgeBase, fetched and then from the cache', async (t) => {
  const stage = await stageFor(t, { hosts: 10 });
  await appendFile(stage.files.detectionYaml, 'page_size: 4\n');
  const words = [
    ...stage.toServer.slice(0, 3),
    `-plugininfo=${stage.files.detectionYaml}`,
    ...['-page=p.html', '-metrics=m.prom'],
  ];
  const first = await outputsOf(stage.directory, await runHere(t, stage.directory, words));
  assert.equal(first.code, 0, first.output);
  assert.match(first.text, /What Qualys was asked 3 pages of detections came in \d+ calls of Qualys, [1-9]/);
  assert.match(first.text, / Its limits made nothing wait\. /);
  assert.match(first.text, /Fetched from Qualys [1-9]\d* Cached from an earlier run 0 Missing .* 0 /);
  assert.match(first.text, /With and without a CVE .* Confirmed [1-9]/);
  const calls = first.metrics.get('qualys_calls') ?? 0;
  assert.ok(calls >= 4, String(calls));
  assert.ok((first.metrics.get('findings_with_cve') ?? 0) > 0);
  const second = await outputsOf(stage.directory, await runHere(t, stage.directory, words));
  assert.match(second.text, /Fetched from Qualys 0 Cached from an earlier run [1-9]/);
  assert.ok((second.metrics.get('qualys_calls') ?? 0) < calls);
});

test('known exploited findings are told where kev_file knows some', async (t) => {
  const stage = await stageFor(t);
  await writeFile(
    join(stage.directory, 'kev.json'),
    JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2026-0005' }] }),
  );
  const without = await night(t, stage, { '192.0.2.1': [{ qid: 5 }] });
  assert.doesNotMatch(without.text, /exploited/);
  await appendFile(stage.files.yaml, `kev_file: ${join(stage.directory, 'kev.json')}\n`);
  const { text, output } = await night(t, stage, { '192.0.2.1': [{ qid: 5 }] });
  assert.match(text, /as kev_file has it .* Known exploited 1 10\.0 % /, output);
});
