import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleReport } from '../src/simulators/sample-report.ts';
import { STAGE } from '../src/simulators/stage.ts';
import { connector, type Ended, stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';
import { withEnvironment } from './support/with-environment.ts';

function endedWell(ended: Ended): void {
  assert.equal(ended.code, 0, ended.output);
  assert.match(ended.stdout, /\[INFO\] QualysGuard Report Processing Complete/);
  assert.match(ended.stdout, /\[INFO\] Processing Complete\n$/);
  assert.equal(ended.stderr, '');
}

/** One sentence that says what and what to do; no stack trace. */
function refused(ended: Ended, code: number, message: RegExp): void {
  assert.equal(ended.code, code, ended.output);
  assert.match(ended.output, message);
  assert.match(ended.output, /\[QC\d{4}\]/);
  assert.doesNotMatch(ended.output, /\n\s+at /);
}

test('a report goes from Qualys into the network map, and the report on the server is deleted', async (t) => {
  const stage = await stageFor(t);
  const ended = await connector(stage.toServer);
  endedWell(ended);
  const hosts = Object.values(stage.managementCenter.networkMap.hosts);
  assert.equal(hosts.length, 50);
  assert.ok(hosts.some((host) => Object.keys(host.results.QualysGuard ?? {}).length > 0));
  assert.equal(stage.qualys.launches, 1);
  assert.equal(stage.qualys.deletes, 1);
  assert.match(ended.stdout, /hosts in report +50/);
});

test('the map after a direct run equals the map after -csvfile and the csv plugin', async (t) => {
  const direct = await stageFor(t);
  endedWell(await runHere(t, direct.directory, direct.toServer));
  const byFile = await stageFor(t);
  const csv = join(byFile.directory, 'Output.csv');
  endedWell(await runHere(t, byFile.directory, [byFile.plugininfo, `-csvfile=${csv}`]));
  assert.deepEqual(byFile.managementCenter.networkMap.hosts, {});
  const sent = await runHere(t, byFile.directory, [
    ...byFile.toServer.slice(0, 3),
    `-plugininfo=${csv}`,
    'csv',
  ]);
  assert.equal(sent.code, 0, sent.output);
  await Promise.all([direct.managementCenter.settled(), byFile.managementCenter.settled()]);
  assert.deepEqual(byFile.managementCenter.networkMap, direct.managementCenter.networkMap);
});

test('passwords by command reach Qualys and the certificate file, and show nowhere', async (t) => {
  const stage = await stageFor(t);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  const commands = `password_command: [printf, '%s', "${STAGE.password}"]\npkcs12_password_command: [sh, -c, 'echo "${STAGE.pkcs12Password}"; echo deprecated >&2']\n`;
  await writeFile(stage.files.yaml, yaml.replace(/^password: .*\n/m, commands));
  for (const more of [[], ['-test']]) {
    const args = [...stage.toServer, '-level=3', ...more];
    const ended = await runHere(t, stage.directory, args, { env: { PKCS12_PASSWORD: undefined } });
    assert.equal(ended.code, 0, ended.output);
    assert.match(ended.output, /\[WARNING\] sh of pkcs12_password_command said: deprecated/);
    for (const secret of [STAGE.password, STAGE.pkcs12Password]) assert.ok(!ended.output.includes(secret));
  }
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
});

test('a command that gives no password ends the run before anything is asked', async (t) => {
  const stage = await stageFor(t);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, yaml.replace(/^password: .*$/m, 'password_command: [sh, -c, exit 7]'));
  const ended = await runHere(t, stage.directory, stage.toServer);
  refused(ended, 2, /sh of password_command did not give .* exit code 7\. .*\[QC6301\]/);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('-csvfile beside -server writes the file, and a warning says that nothing is sent', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-csvfile=Output.csv']);
  assert.equal(ended.code, 0, ended.output);
  assert.match(ended.output, /\[WARNING\] Nothing is sent to -server: /);
  assert.ok((await readdir(stage.directory)).includes('Output.csv'));
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('a report from disk needs no Qualys account and no Qualys server', async (t) => {
  const stage = await stageFor(t);
  const report = join(stage.directory, 'report.xml');
  await writeFile(report, [...sampleReport({ hosts: 7 })].join(''));
  await writeFile(stage.files.yaml, 'add_host: y\n', { mode: 0o600 });
  endedWell(await runHere(t, stage.directory, [...stage.toServer, `-report=${report}`]));
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 7);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('what a report from disk repeats of the login in the YAML is hidden', async (t) => {
  const stage = await stageFor(t);
  const report = join(stage.directory, 'report.xml');
  const error = `<ERROR number="1">${STAGE.user} came with ${encodeURIComponent(STAGE.password)}</ERROR>`;
  for (const [document, code] of [
    [`<ASSET_DATA_REPORT>${error}</ASSET_DATA_REPORT>`, 'QC4012'],
    [`<SIMPLE_RETURN><RESPONSE><TEXT>${STAGE.user}</TEXT></RESPONSE></SIMPLE_RETURN>`, 'QC4002'],
  ] as const) {
    await writeFile(report, `<?xml version="1.0"?>${document}`);
    const ended = await runHere(t, stage.directory, [
      stage.plugininfo,
      '-csvfile=o.csv',
      `-report=${report}`,
    ]);
    assert.match(ended.output, new RegExp(`\\*\\*\\*.*\\[${code}\\]`));
    assert.ok(!ended.output.includes(STAGE.user) && !ended.output.includes('secret'), ended.output);
  }
});

test("the guide's simplest command finds certificate and YAML in the current directory", async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, stage.toServer.slice(0, 2));
  endedWell(ended);
  assert.match(ended.stdout, /\[INFO\] Found .*CertFile\.pkcs12/);
});

test('the order of work: a wrong Management Center is told before anything is asked of Qualys', async (t) => {
  const stage = await stageFor(t);
  await stage.managementCenter.close();
  const ended = await runHere(t, stage.directory, stage.toServer);
  refused(ended, 1, /Can not Connect to Server: '127\.0\.0\.1' on port '\d+'/);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('the Management Center is asked once before the download, and that connection imports nothing', async (t) => {
  const stage = await stageFor(t, { qualys: { templates: [] } });
  const ended = await runHere(t, stage.directory, stage.toServer);
  assert.equal(ended.code, 2, ended.output);
  assert.equal(stage.managementCenter.connections.length, 1);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('no YAML: one sentence, exit code 2, nothing contacted', async (t) => {
  const stage = await stageFor(t);
  await rm(stage.files.yaml);
  refused(await runHere(t, stage.directory, stage.toServer), 2, /configuration file .* does not exist/);
  assert.equal(stage.managementCenter.connections.length, 0);
});

test('no PKCS#12: one sentence, exit code 2, nothing contacted', async (t) => {
  const stage = await stageFor(t);
  await rm(stage.files.pkcs12);
  refused(await runHere(t, stage.directory, stage.toServer), 2, /CertFile\.pkcs12/);
  refused(await runHere(t, stage.directory, stage.toServer.slice(0, 2)), 2, /certificate file/i);
  assert.equal(stage.qualys.transcript.length, 0);
});

test('a wrong password of the certificate file: one sentence, exit code 2', async (t) => {
  const stage = await stageFor(t);
  refused(await runHere(t, stage.directory, [...stage.toServer, '-password=wrong']), 2, /password/);
});

test('a wrong Qualys password: the words of Qualys, exit code 2, asked once', async (t) => {
  const stage = await stageFor(t);
  withEnvironment(t, { QUALYS_PASSWORD: 'wrong' });
  const ended = await runHere(t, stage.directory, stage.toServer);
  refused(ended, 2, /Bad Login\/Password/);
  assert.equal(stage.qualys.transcript.length, 1);
});

test('a wrong template id: the ids that the account does have, exit code 2', async (t) => {
  const stage = await stageFor(t);
  await writeFile(
    stage.files.yaml,
    (await readFile(stage.files.yaml, 'utf8')).replace(/template_id: .*/, 'template_id: 777'),
  );
  refused(await runHere(t, stage.directory, stage.toServer), 2, new RegExp(STAGE.template));
});

test('an unknown plugin is refused in the words of the original', async () => {
  refused(await connector(['-server=127.0.0.1', 'Nessus']), 1, /Can Not Find the Plugin Specified: 'Nessus'/);
});

test('a delivery that cannot be finished keeps the rest as a file, and sending that completes the map', async (t) => {
  const whole = await stageFor(t);
  endedWell(await runHere(t, whole.directory, whole.toServer));
  let broken = true;
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 8192,
      faults: ({ connection, block }) =>
        broken && connection >= 2 && block === 4 ? { does: 'reset' } : undefined,
    },
  });
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-retries=0']);
  refused(ended, 1, /Not everything was delivered: \d+ hosts are in, \d+ are not/);
  const unsent = (await readdir(stage.directory)).find((name) => name.startsWith('Unsent_')) ?? '';
  assert.ok(ended.stdout.includes(unsent) && unsent !== '', ended.stdout);
  broken = false;
  const sent = await runHere(t, stage.directory, [
    ...stage.toServer.slice(0, 3),
    `-plugininfo=${unsent}`,
    'csv',
  ]);
  assert.equal(sent.code, 0, sent.output);
  await Promise.all([whole.managementCenter.settled(), stage.managementCenter.settled()]);
  assert.deepEqual(stage.managementCenter.networkMap, whole.managementCenter.networkMap);
});

test('complaints of the Management Center are told, and the exit code is 3', async (t) => {
  const stage = await stageFor(t, {
    hosts: 5,
    managementCenter: {
      faults: ({ connection, block }) =>
        connection === 2 && block === 1
          ? { does: 'answer', text: 'line 3: no such host\nDone processing 12 commands.\n' }
          : undefined,
    },
  });
  const ended = await runHere(t, stage.directory, stage.toServer);
  assert.equal(ended.code, 3, ended.output);
  assert.match(ended.stdout, /\[WARNING\] The Management Center complains: .*no such host/);
});
