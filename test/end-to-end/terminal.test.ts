import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { STAGE } from '../../src/simulators/stage.ts';
import { commandOnTerminal } from '../cli/on-terminal.ts';
import { commandFile } from '../support/command-file.ts';
import { connector, programPath, stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

test(
  'on a terminal both passwords are asked for, none is shown, and progress is',
  { timeout: 60_000 },
  async (t) => {
    const stage = await stageFor(t);
    const yaml = await readFile(stage.files.yaml, 'utf8');
    await writeFile(stage.files.yaml, yaml.replace(/^password: .*\n/m, ''));
    const shown = await commandOnTerminal(
      t,
      [process.execPath, programPath(), ...stage.toServer],
      { PATH: process.env.PATH },
      [
        { after: `Qualys password of ${STAGE.user}: `, keys: `${STAGE.password}\r` },
        { after: `Password of ${stage.files.pkcs12}: `, keys: `${STAGE.pkcs12Password}\r` },
      ],
    );
    if (shown === undefined) return;
    assert.match(shown, /\[INFO\] Processing Complete/);
    assert.ok(!shown.includes(STAGE.password) && !shown.includes(STAGE.pkcs12Password), shown);
    assert.match(shown, /Qualys makes the report: /);
    assert.match(shown, /Sending: \d+ of 50 hosts/);
    assert.ok(shown.includes('\u001b['), 'no progress was drawn');
    assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
  },
);

test('Ctrl-C at the question ends the run before anything is contacted', { timeout: 60_000 }, async (t) => {
  const stage = await stageFor(t);
  const shown = await commandOnTerminal(
    t,
    [process.execPath, programPath(), ...stage.toServer],
    { PATH: process.env.PATH },
    [{ after: 'Password of ', keys: '\u0003' }],
  );
  if (shown === undefined) return;
  assert.match(shown, /\[QC1301\]/);
  assert.equal(stage.managementCenter.connections.length, 0);
});

test('without a terminal nothing is asked for: what is missing is told', async (t) => {
  const stage = await stageFor(t);
  const needed = await connector(stage.toServer, { env: { PKCS12_PASSWORD: '' } });
  assert.equal(needed.code, 2, needed.output);
  assert.match(needed.stdout, /password.*-passwordfile.*\[QC\d{4}\]/);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, yaml.replace(/^password: .*\n/m, ''));
  const qualys = await connector(stage.toServer);
  assert.equal(qualys.code, 2, qualys.output);
  assert.match(qualys.stdout, /No value provided for required key : password/);
});

test('the password of the certificate file comes from PKCS12_PASSWORD, -passwordfile or -password', async (t) => {
  const stage = await stageFor(t);
  const toServer = [...stage.toServer.slice(0, 3), ...(await commandFile(stage.directory, 1))];
  const file = `${stage.directory}/password`;
  await writeFile(file, `${STAGE.pkcs12Password}\n`, { mode: 0o644 });
  const none = { PKCS12_PASSWORD: '' };
  const ways = [
    { args: [], env: {} },
    { args: [`-password=${STAGE.pkcs12Password}`], env: none },
    { args: ['-password', STAGE.pkcs12Password], env: { PKCS12_PASSWORD: 'wrong' } },
  ];
  for (const { args, env } of ways) {
    const ended = await runHere(t, stage.directory, [...args, ...toServer], { env });
    assert.equal(ended.code, 0, ended.output);
  }
  const words = [`-passwordfile=${file}`, ...toServer];
  const open = await runHere(t, stage.directory, words, { env: none });
  assert.equal(open.code, 0, open.output);
  assert.ok(open.stdout.includes(`chmod 600 ${file}`), open.stdout);
});
