import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { expositionOf, labelsOf, seriesOf, valuesIn } from '../../src/metrics/exposition.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { connector, stageFor } from '../support/connector.ts';
import { missing } from '../support/missing.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PROMTOOL = { skip: missing('promtool') };

async function valuesOf(file: string): Promise<ReadonlyMap<string, number>> {
  return valuesIn(await readFile(file, 'utf8')) ?? assert.fail(`${file} is damaged`);
}

/** Of the one series of that name. */
async function valueOf(file: string, name: string): Promise<number | undefined> {
  const [found, ...more] = [...(await valuesOf(file))].filter(([series]) =>
    series.startsWith(`qualys_connector_${name}{`),
  );
  assert.deepEqual(more, []);
  return found?.[1];
}

/** A directory with a YAML and a report of five hosts, and the words of a run that makes a CSV file of it. */
async function withReport(t: TestContext, report = 'report.xml') {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'qualys.prom');
  await writeFile(join(directory, 'q.yaml'), 'add_host: y\n', { mode: 0o600 });
  await writeFile(join(directory, report), [...sampleReport({ hosts: 5 })].join(''));
  const words = ['-plugininfo=q.yaml', `-report=${report}`, '-csvfile=o.csv', '-metrics=qualys.prom'];
  return { directory, file, words };
}

function judgedByPromtool(text: string): void {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
}

test('a run to the Management Center tells what it delivered and left out, and when the certificate ends', async (t) => {
  const stage = await stageFor(t);
  const file = join(stage.directory, 'metrics', 'qualys.prom');
  const before = Date.now() / 1000;
  const ended = await runHere(t, stage.directory, [...stage.toServer, `-metrics=${file}`]);
  assert.equal(ended.code, 0, ended.output);
  const values = await valuesOf(file);
  const { host, port } = stage.managementCenter;
  const server = `${host}:${port}`;
  const labels = { server, source: 'template 424242' };
  const value = (name: string, more: Readonly<Record<string, string>> = {}): number | undefined =>
    values.get(seriesOf(`qualys_connector_${name}`, { ...labels, ...more }));
  assert.deepEqual([value('exit_code'), value('delivered_hosts'), value('delivered_findings')], [0, 50, 534]);
  assert.deepEqual(
    [value('left_out_findings', { reason: 'type' }), value('left_out_findings', { reason: 'fixed' })],
    [108, 98],
  );
  assert.equal(value('left_out_hosts', { reason: 'noFindings' }), 0);
  for (const stamp of ['last_run_timestamp_seconds', 'last_success_timestamp_seconds']) {
    assert.ok((value(stamp) ?? 0) >= before - 1, stamp);
  }
  for (const stageName of ['obtain', 'deliver']) {
    assert.ok((value('stage_duration_seconds', { stage: stageName }) ?? 0) > 0);
  }
  for (const certificate of ['client', 'authority']) {
    const series = seriesOf('qualys_connector_certificate_expiry_timestamp_seconds', { server, certificate });
    assert.ok((values.get(series) ?? 0) > before + 1000 * 86_400, certificate);
  }
});

test('each template has series of its own', async (t) => {
  const stage = await stageFor(t, { hosts: 5 });
  const words = ['424242,535353', stage.plugininfo, '-csvfile=o.csv', '-metrics=qualys.prom'];
  const ended = await runHere(t, stage.directory, words, { command: 'process-multiple' });
  assert.equal(ended.code, 0, ended.output);
  const values = await valuesOf(join(stage.directory, 'qualys.prom'));
  assert.deepEqual(labelsOf('qualys_connector_delivered_hosts', values), [
    { server: 'o.csv', source: 'template 424242' },
    { server: 'o.csv', source: 'template 535353' },
  ]);
});

test('after a failure the last success is the one of the run before', async (t) => {
  const { directory, file, words } = await withReport(t);
  assert.equal((await runHere(t, directory, words)).code, 0);
  const success = await valueOf(file, 'last_success_timestamp_seconds');
  await writeFile(join(directory, 'report.xml'), '<cut');
  assert.equal((await runHere(t, directory, words)).code, 2);
  assert.equal(await valueOf(file, 'exit_code'), 2);
  assert.equal(await valueOf(file, 'last_success_timestamp_seconds'), success);
  assert.ok(((await valueOf(file, 'last_run_timestamp_seconds')) ?? 0) > (success ?? Infinity));
  assert.equal(await valueOf(file, 'delivered_hosts'), 0);
});

test('so it is when the run ends before it knows any source, and the end of the certificate is kept too', async (t) => {
  const stage = await stageFor(t, { hosts: 5 });
  const file = join(stage.directory, 'qualys.prom');
  const words = [...stage.toServer, '-metrics=qualys.prom'];
  assert.equal((await runHere(t, stage.directory, words)).code, 0);
  const before = await valuesOf(file);
  await writeFile(stage.files.yaml, 'template_id: [');
  assert.equal((await runHere(t, stage.directory, words)).code, 2);
  const after = await valuesOf(file);
  assert.equal(await valueOf(file, 'exit_code'), 2);
  for (const [series, value] of before) {
    if (/last_success|expiry/.test(series)) assert.equal(after.get(series), value, series);
    if (series.includes('exit_code')) assert.ok(after.has(series), series);
  }
});

test('a run that never succeeded says so by saying nothing of a success', async (t) => {
  const { directory, file, words } = await withReport(t);
  await writeFile(join(directory, 'q.yaml'), 'add_host: [');
  assert.equal((await runHere(t, directory, words)).code, 2);
  assert.deepEqual(
    [...(await valuesOf(file)).keys()],
    [
      seriesOf('qualys_connector_last_run_timestamp_seconds', { server: 'o.csv', source: '' }),
      seriesOf('qualys_connector_exit_code', { server: 'o.csv', source: '' }),
    ],
  );
});

test('where the YAML that names the Management Centers cannot be read, those of the run before are meant', async (t) => {
  const stage = await stageFor(t, { hosts: 5 });
  const file = join(stage.directory, 'qualys.prom');
  const words = [stage.plugininfo, '-metrics=qualys.prom'];
  const server = `127.0.0.1:${stage.managementCenter.port}`;
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, `${yaml}\nservers: [${server}]\n`);
  assert.equal((await runHere(t, stage.directory, words)).code, 0);
  const before = await valuesOf(file);
  for (const broken of ['template_id: [', 'servers: [a b]']) {
    await writeFile(stage.files.yaml, broken);
    const ended = await runHere(t, stage.directory, words);
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.output, /QC2003|QC2040/);
    const after = await valuesOf(file);
    assert.equal(await valueOf(file, 'exit_code'), 2);
    for (const [series, value] of before) {
      if (/last_success|expiry/.test(series)) assert.equal(after.get(series), value, series);
    }
    for (const series of after.keys()) assert.ok(series.includes(`server="${server}"`), series);
  }
});

test('where no run before named one, its end is told without a server', async (t) => {
  const { directory, file } = await withReport(t);
  await writeFile(join(directory, 'q.yaml'), 'template_id: [');
  const ended = await runHere(t, directory, ['-plugininfo=q.yaml', '-metrics=qualys.prom']);
  assert.equal(ended.code, 2, ended.output);
  const text = await readFile(file, 'utf8');
  assert.match(text, /^qualys_connector_exit_code\{source=""\} 2$/m);
  assert.doesNotMatch(text, /server=/);
});

for (const [what, content] of [
  ['damaged', 'qualys_connector_last_success_timestamp_seconds{server="o.csv",source="rep'],
  ['foreign', '# TYPE other gauge\nother{server="o.csv"} 5\n'],
] as const) {
  test(`a ${what} file is told, and taken for none`, async (t) => {
    const { directory, file, words } = await withReport(t);
    await writeFile(file, content);
    await writeFile(join(directory, 'report.xml'), '<cut');
    const ended = await runHere(t, directory, words);
    assert.equal(ended.code, 2);
    assert.match(
      ended.stdout,
      /\[WARNING\] When the last success was .*qualys\.prom.*damaged, or not of this program/,
    );
    assert.equal(await valueOf(file, 'last_success_timestamp_seconds'), undefined);
  });
}

test('a new file is for everybody to read, whatever the umask; one that is there keeps its mode', async (t) => {
  const { directory, file, words } = await withReport(t);
  const umask = process.umask(0o077);
  t.after(() => process.umask(umask));
  assert.equal((await runHere(t, directory, words)).code, 0);
  assert.equal((await stat(file)).mode & 0o777, 0o644);
  await chmod(file, 0o640);
  assert.equal((await runHere(t, directory, words)).code, 0);
  assert.equal((await stat(file)).mode & 0o777, 0o640);
});

test('a place that cannot be written to is told before the work', async (t) => {
  const { directory, words } = await withReport(t);
  const ended = await runHere(t, directory, [...words, '-metrics=q.yaml/qualys.prom']);
  assert.equal(ended.code, 2);
  assert.match(ended.stdout, /The file of metrics .* cannot be written: .*\[QC6001\]/);
  assert.equal(ended.stdout.match(/QC\d{4}/g)?.length, 1, ended.stdout);
  assert.doesNotMatch(ended.stdout, /Generating CSV File/);
});

test(
  'promtool finds nothing wrong with what a run wrote, good or failed, whatever its source is called',
  PROMTOOL,
  async (t) => {
    const { directory, file, words } = await withReport(t, 'a "b" \\c.xml');
    assert.equal((await runHere(t, directory, words)).code, 0);
    judgedByPromtool(await readFile(file, 'utf8'));
    await writeFile(join(directory, 'a "b" \\c.xml'), '<cut');
    assert.equal((await runHere(t, directory, words)).code, 2);
    judgedByPromtool(await readFile(file, 'utf8'));
  },
);

test('what was written is read again, whatever the labels hold', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (server, source, value) => {
        const name = 'qualys_connector_exit_code';
        const labels = { server, source };
        const text = expositionOf([{ name, help: 'How.', samples: [{ labels, value }] }]);
        const values = valuesIn(text) ?? assert.fail(text);
        assert.equal(values.get(seriesOf(name, labels)), value + 0);
        assert.deepEqual(labelsOf(name, values), [labels]);
      },
    ),
  );
});

test('a file that was cut anywhere but behind a line is damaged', () => {
  const samples = [{ labels: { server: 'fmc', source: 'template 1' }, value: 1_764_315_000.25 }];
  const text = expositionOf([
    { name: 'qualys_connector_last_run_timestamp_seconds', help: 'When.', samples },
  ]);
  for (let length = 1; length < text.length; length++) {
    const cut = text.slice(0, length);
    assert.equal(valuesIn(cut) === undefined, !cut.endsWith('\n'), cut);
  }
});

test('the real command writes them, and prints nothing more for it', async (t) => {
  const { directory, file, words } = await withReport(t);
  const ended = await connector(words, { cwd: directory });
  assert.deepEqual([ended.code, ended.stderr], [0, '']);
  assert.equal(await valueOf(file, 'delivered_hosts'), 5);
});
