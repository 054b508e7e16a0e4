import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { STAGE } from '../src/simulators/stage.ts';
import { connector, stageFor } from './support/connector.ts';

test('-test says ok of each step, and neither imports nor generates anything', async (t) => {
  const stage = await stageFor(t);
  const ended = await connector([...stage.toServer, '-test']);
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
  assert.equal(stage.qualys.launches, 0);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('-test goes on after a failure, so that all that is wrong is told at once', async (t) => {
  const stage = await stageFor(t);
  await rm(stage.files.pkcs12);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, yaml.replace(/template_id: .*/, 'template_id: 777'));
  const ended = await connector([...stage.toServer, '-test']);
  assert.equal(ended.code, 2, ended.output);
  assert.match(ended.stdout, /^ok +configuration/m);
  assert.match(ended.stdout, /^FAILED +certificate file .*\[QC\d{4}\]$/m);
  assert.match(ended.stdout, /^FAILED .*777/m);
  assert.ok(!ended.output.includes(STAGE.password));
});

test('-test tells a Management Center that is not there', async (t) => {
  const stage = await stageFor(t);
  await stage.managementCenter.close();
  const ended = await connector([...stage.toServer, '-test']);
  assert.match(ended.stdout, /^FAILED +Management Center +Can not Connect to Server/m);
  assert.notEqual(ended.code, 0);
});

test('-test shows what a server says without its control characters', async (t) => {
  const title = 'Nightly\u009b2J\u202e\u001b]0;x\u0007';
  const stage = await stageFor(t, {
    qualys: { templates: [{ id: STAGE.template, title, templateType: title }] },
  });
  const ended = await connector([...stage.toServer, '-test']);
  assert.match(ended.stdout, /Nightly/);
  assert.doesNotMatch(ended.stdout, /[^\P{Cc}\n]|\u202e/u);
});
