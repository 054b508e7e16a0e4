import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCommandLine } from '../src/cli/command-line.ts';
import type { InputPlugin } from '../src/input-plugin.ts';
import type { OpenLog } from '../src/log/open-log.ts';
import { testReadiness } from '../src/readiness.ts';
import { STAGE } from '../src/simulators/stage.ts';
import { recordingLog } from './support/recording-log.ts';
import { stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';

test('-test says ok of each step, and neither imports nor generates anything', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-test']);
  assert.equal(ended.code, 0, ended.output);
  for (const name of [
    /configuration/,
    /certificate file/,
    /certificate validity/,
    /Management Center/,
    /template/i,
  ]) {
    assert.match(ended.stdout, new RegExp(`^ok .*${name.source}`, 'm'));
  }
  assert.doesNotMatch(ended.stdout, /FAILED/);
  assert.match(ended.stdout, /\nready\n$/);
  assert.equal(stage.qualys.launches, 0);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('-test goes on after a failure, so that all that is wrong is told at once', async (t) => {
  const stage = await stageFor(t);
  await rm(stage.files.pkcs12);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, yaml.replace(/template_id: .*/, 'template_id: 777'));
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-test']);
  assert.equal(ended.code, 2, ended.output);
  assert.match(ended.stdout, /^ok +configuration/m);
  assert.match(ended.stdout, /^FAILED +certificate file .*\[QC\d{4}\]$/m);
  assert.match(ended.stdout, /^FAILED .*777/m);
  assert.ok(!ended.output.includes(STAGE.password));
});

test('-test tells a Management Center that is not there', async (t) => {
  const stage = await stageFor(t);
  await stage.managementCenter.close();
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-test']);
  assert.match(ended.stdout, /^FAILED +Management Center +Can not Connect to Server/m);
  assert.notEqual(ended.code, 0);
});

test('-test shows what a server says without its control characters', async (t) => {
  const title = 'Nightly\u009b2J\u202e\u001b]0;x\u0007';
  const stage = await stageFor(t, {
    qualys: { templates: [{ id: STAGE.template, title, templateType: title }] },
  });
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-test']);
  assert.match(ended.stdout, /Nightly/);
  assert.doesNotMatch(ended.stdout, /[^\P{Cc}\n]|\u202e/u);
});

test('-test without -server tests Qualys alone; -summary gets its steps', async (t) => {
  const stage = await stageFor(t);
  const file = join(stage.directory, 'summary.json');
  const { code, stdout } = await runHere(t, stage.directory, [
    '-test',
    stage.plugininfo,
    `-summary=${file}`,
    '-logformat=json',
  ]);
  assert.equal(code, 0, stdout);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const { checks, exitCode } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly checks: readonly Readonly<Record<string, unknown>>[];
    readonly exitCode: number;
  };
  assert.equal(exitCode, 0);
  assert.deepEqual(
    records.slice(0, -1).map(({ step, ok, msg }) => ({ name: step, ok, detail: msg })),
    checks,
  );
  assert.deepEqual(
    [records.at(-1)?.event, records.at(-1)?.steps, records.at(-1)?.failed],
    ['test.complete', checks.length, 0],
  );
  assert.ok(!checks.some(({ name }) => /certificate|Management/.test(String(name))), stdout);
  assert.ok(checks.some(({ name }) => String(name).startsWith('Report template')));
});

test('-test with -csvfile tries whether that file can be written, and leaves nothing', async (t) => {
  const stage = await stageFor(t);
  const before = await readdir(stage.directory);
  const csvfile = join(stage.directory, 'Output.csv');
  const good = await runHere(t, stage.directory, ['-test', stage.plugininfo, `-csvfile=${csvfile}`]);
  assert.match(good.stdout, /^ok +CSV file +.*Output\.csv can be written$/m);
  assert.equal(good.code, 0);
  const bad = await runHere(t, stage.directory, ['-test', stage.plugininfo, '-csvfile=/none/Output.csv']);
  assert.match(bad.stdout, /^FAILED +CSV file +.*its directory does not exist.*\[QC6001\]$/m);
  assert.match(bad.stdout, /\n1 of \d+ failed\n$/);
  assert.equal(bad.code, 2);
  assert.deepEqual(await readdir(stage.directory), before);
});

test('-test tries what else a run writes and starts, and makes nothing', async (t) => {
  const stage = await stageFor(t);
  const before = await readdir(stage.directory);
  const words = (at: string): string[] => [
    ...[`-state=${at}/state`, `-page=${at}/p.html`, `-metrics=${at}/m.prom`],
    `-onfailure=${at === 'new' ? 'sh' : 'qc-is-not-there'}`,
  ];
  const names = ['page', 'file of metrics', 'state', '-onfailure'];
  const good = await runHere(t, stage.directory, ['-test', ...stage.toServer, ...words('new')]);
  for (const name of names) assert.match(good.stdout, new RegExp(`^ok +${name} `, 'm'));
  assert.equal(good.code, 0, good.output);
  assert.deepEqual(await readdir(stage.directory), before);
  const bad = await runHere(t, stage.directory, ['-test', ...stage.toServer, ...words('/proc/none')]);
  for (const name of names) assert.match(bad.stdout, new RegExp(`^FAILED +${name} `, 'm'));
  assert.equal(bad.code, 2, bad.output);
});

test('-test looks for the program of on_failure', async (t) => {
  const stage = await stageFor(t);
  await appendFile(stage.files.yaml, 'on_failure: [qc-is-not-there]\n');
  const ended = await runHere(t, stage.directory, ['-test', ...stage.toServer]);
  assert.match(ended.stdout, /^FAILED +on_failure .*\[QC6321\]$/m);
});

test('-test ends at the first signal, also where a step hears nothing', async () => {
  const parts = { description: '', info: '', parameters: [], configFile: () => 'none' };
  const nothing = async function* () {
    // No checks.
  };
  const deaf: InputPlugin = {
    name: 'Deaf',
    ...parts,
    checkLocally: nothing,
    prepare: () => new Promise(() => undefined),
  };
  const line = readCommandLine(['-test', 'Deaf'], { name: 'qualys_connector', multiple: false }, [deaf]);
  assert.ok(line.kind === 'run');
  const log: OpenLog = {
    ...recordingLog(),
    labelled: () => log,
    aside: () => undefined,
    close: () => Promise.resolve(),
  };
  const printed: string[] = [];
  const print = (text: string): Promise<void> => Promise.resolve(void printed.push(text));
  const ended = testReadiness(line.options, deaf, log, print);
  process.emit('SIGTERM', 'SIGTERM');
  assert.equal(await ended, 143);
  assert.match(printed.join(''), /^The run was ended by SIGTERM .*\[QC7101\]\n$/);
});
