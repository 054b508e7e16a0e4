/** The page as the command writes it, and what it and the metrics say of changes and detections. */
import assert from 'node:assert/strict';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { valuesIn } from '../../src/metrics/exposition.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { entryXml, type FindingXml, hostXml, reportXml } from '../support/asset-report.ts';
import { type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { dataOf, textOf } from '../support/text-of-page.ts';

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

test('a good run: what happened, from where, to which server, in one sentence', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-page=pages/p.html']);
  assert.equal(ended.code, 0, ended.output);
  const file = join(stage.directory, 'pages', 'p.html');
  const text = textOf(await readFile(file, 'utf8'));
  const { host, port } = stage.managementCenter;
  assert.ok(
    text.includes(
      `50 hosts with 534 findings from template 424242 were delivered to ${host}:${port} , which acknowledged all of it.`,
    ),
    text.slice(0, 900),
  );
  assert.match(text, /Findings: of a type that is not imported 108 14\.6 % Findings: fixed 98 13\.2 %/);
  assert.match(ended.stdout, /What was done can be looked at in pages\/p\.html/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('what was not delivered comes first, with its reason', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 32_768,
      faults: ({ connection, block }) => (connection > 1 && block === 3 ? { does: 'reset' } : undefined),
    },
  });
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-retries=0', '-page=p.html']);
  assert.equal(ended.code, 1, ended.output);
  const page = await readFile(join(stage.directory, 'p.html'), 'utf8');
  assert.match(page, /<header>[^]*class="verdict failed"[^]*<\/header>/);
  assert.match(
    textOf(page),
    /Not everything of template 424242 was delivered to \S+:\d+ template 424242 : \d+ of 50 hosts are acknowledged by .*\[QC5507\]/,
  );
});

test('a run that ended before it began has a page too', async (t) => {
  const stage = await stageFor(t);
  await stage.managementCenter.close();
  assert.equal((await runHere(t, stage.directory, [...stage.toServer, '-page=p.html'])).code, 1);
  const page = await readFile(join(stage.directory, 'p.html'), 'utf8');
  assert.match(
    textOf(page),
    /Nothing of template 424242 was delivered Can not Connect .*\[QC5103\] template 424242 was not begun\./,
  );
  assert.doesNotMatch(page, /<table|host-data/);
});

test('each of several templates has a part of its own; one that failed is told first', async (t) => {
  const stage = await stageFor(t, { hosts: 5 });
  const words = ['424242,777', stage.plugininfo, '-csvfile=o.csv', '-page=p.html'];
  assert.equal((await runHere(t, stage.directory, words, { command: 'process-multiple' })).code, 2);
  const text = textOf(await readFile(join(stage.directory, 'p.html'), 'utf8'));
  assert.match(
    text,
    /Nothing of template 777 was written to 777_\S+ template 777 : 0 hosts are written\..*template 424242 : 5 hosts/,
  );
  assert.match(
    text,
    /Sources .*template 424242 written 5 (\d+) 5 \1 template 777 failed not known not known 0 0 /,
  );
});

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

test('what is new and grave is named with its host, title and port, and what is gone with its address', async (t) => {
  const stage = await stageFor(t);
  const page = async (...hosts: readonly (readonly [string, readonly FindingXml[]])[]): Promise<string> => {
    const glossary = [3, 4, 5].map((severity) => entryXml({ qid: severity, severity, threat: '' }));
    const list = hosts.map(([address, findings]) => hostXml(address, findings));
    const report = reportXml(list, glossary).replace('2026-01-15T06:00:00Z', new Date().toISOString());
    await writeFile(join(stage.directory, 'report.xml'), report);
    const words = ['-report=report.xml', '-state=state', '-changed', '-force', '-page=p.html'];
    const ended = await runHere(t, stage.directory, [...stage.toServer, ...words]);
    assert.equal(ended.code, 0, ended.output);
    return readFile(join(stage.directory, 'p.html'), 'utf8');
  };
  const same = ['192.0.2.3', [{ qid: 3 }]] as const;
  const first = await page(['192.0.2.1', [{ qid: 5 }]], ['192.0.2.2', [{ qid: 3 }]], same);
  assert.doesNotMatch(textOf(first), /New, of severity|are gone:|something new/);
  assert.equal(dataOf(first).gained, undefined);
  const many = Array.from({ length: 20 }, (_, index): FindingXml => ({
    qid: 4,
    port: index + 1,
    protocol: 'udp',
  }));
  const second = await page(
    ['192.0.2.1', [{ qid: 5 }, { qid: 5, port: 443, protocol: 'tcp' }, ...many]],
    same,
  );
  assert.deepEqual(dataOf(second).gained, [0]);
  assert.match(
    textOf(second),
    /New, of severity 5 and 4: 5 192\.0\.2\.1 Title of 5 QID 5 · port 443 tcp · without a CVE 4 192\.0\.2\.1 Title of 4 QID 4 · port 1 udp · without a CVE .* and 1 more Hosts that changed: 192\.0\.2\.1 \. Hosts that are gone: 192\.0\.2\.2 \./,
  );
});

test('a place that cannot be written to is told before the work, and a file that is read is refused', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'q.yaml'), 'add_host: y\n', { mode: 0o600 });
  await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 5 })].join(''));
  const words = ['-plugininfo=q.yaml', '-report=report.xml', '-csvfile=o.csv'];
  const ended = await runHere(t, directory, [...words, '-page=q.yaml/p.html']);
  assert.equal(ended.code, 2);
  assert.match(ended.stdout, /The page q\.yaml\/p\.html cannot be written: .*\[QC6001\]/);
  assert.doesNotMatch(ended.stdout, /Generating CSV File/);
});
