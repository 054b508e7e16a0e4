/** Several Management Centers from one download. */
import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FaultPlan } from '../src/simulators/management-center/faults.ts';
import {
  type ManagementCenterSimulator,
  startManagementCenterSimulator,
} from '../src/simulators/management-center/simulator.ts';
import { makeStageCertificates, STAGE } from '../src/simulators/stage.ts';
import type { RunSummary } from '../src/summary/run-summary.ts';
import { hostXml, reportXml } from './support/asset-report.ts';
import { makeInternalAuthority } from '../src/simulators/certificates.ts';
import { connector, signalAfter, stageFor, type TestStage } from './support/connector.ts';
import { startSimulator } from './support/management-center.ts';
import { runHere } from './support/run-here.ts';

/** A Management Center that knows no client of the stage's. */
const stranger = makeInternalAuthority();

/** A Management Center beside the stage's own, until the test ends. */
async function another(
  t: TestContext,
  faults: FaultPlan = () => undefined,
): Promise<ManagementCenterSimulator> {
  const simulator = await startSimulator({ faults });
  t.after(() => simulator.close());
  return simulator;
}

/** A port of loopback where nobody listens. */
async function deadPort(): Promise<number> {
  const simulator = await startSimulator();
  await simulator.close();
  return simulator.port;
}

/** Cut off in the first block of whatever is sent to it. */
const cut: FaultPlan = ({ connection, block }) =>
  connection > 1 && block === 1 ? { does: 'reset' } : undefined;

function wordsFor(stage: TestStage, ports: readonly number[], ...more: readonly string[]): string[] {
  const [only, ...others] = ports;
  const servers = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return [
    ...(others.length === 0 ? ['-server=127.0.0.1', `-port=${only ?? ''}`] : [`-server=${servers}`]),
    `-pkcs12=${stage.files.pkcs12}`,
    stage.plugininfo,
    '-summary=summary.json',
    ...more,
  ];
}

async function summaryIn({ directory }: TestStage): Promise<RunSummary> {
  return JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')) as RunSummary;
}

function hostsOf({ networkMap }: ManagementCenterSimulator): number {
  return Object.keys(networkMap.hosts).length;
}

for (const way of [[], ['-parallel']] as const) {
  const how = way[0] ?? 'one after the other';

  test(`${how}: the good ones hold the whole map, whatever the dead, the refusing and the slow one do`, async (t) => {
    const stage = await stageFor(t, { hosts: 6 });
    const good = await another(t);
    const slow = await another(t, ({ connection, block }) =>
      connection === 2 && block === 1 ? { does: 'silence' } : undefined,
    );
    const refusing = await startManagementCenterSimulator({ authority: stranger });
    t.after(() => refusing.close());
    const dead = await deadPort();
    const ports = [dead, refusing.port, slow.port, good.port, stage.managementCenter.port];
    const words = wordsFor(stage, ports, '-replytimeout=1', ...way);
    const ended = await runHere(t, stage.directory, words);
    assert.equal(ended.code, 1, ended.output);
    const maps = [slow, good, stage.managementCenter].map(({ networkMap }) => networkMap);
    assert.equal(Object.keys(maps[0]?.hosts ?? {}).length, 6);
    assert.deepEqual(maps[1], maps[0]);
    assert.deepEqual(maps[2], maps[0]);
    assert.equal(stage.qualys.launches, 1);
    const summary = await summaryIn(stage);
    assert.deepEqual(
      summary.servers?.map(({ name, exitCode, units, error }) => [name, exitCode, units, error?.code]),
      [
        [`127.0.0.1:${dead}`, 1, 0, 'QC5103'],
        [`127.0.0.1:${refusing.port}`, 1, 0, 'QC5034'],
        [`127.0.0.1:${slow.port}`, 0, 6, undefined],
        [`127.0.0.1:${good.port}`, 0, 6, undefined],
        [`127.0.0.1:${stage.managementCenter.port}`, 0, 6, undefined],
      ],
    );
    assert.equal(summary.exitCode, 1);
    // Counted once each, not once for all of them.
    const counted = summary.inputs.map(({ server, counts }) => [server, counts?.hosts.converted]);
    assert.deepEqual(
      counted,
      ports.map((port, index) => [`127.0.0.1:${port}`, index < 2 ? undefined : 6]),
    );
    assert.match(ended.stdout, new RegExp(`\\[ERROR\\] 127\\.0\\.0\\.1:${dead}: .*QC5103`));
    assert.equal(ended.stdout.match(/Report Processing Starting/g)?.length, 1);
  });

  test(`${how}: one that is cut off keeps what it lacks in a file of its own, and the others are whole`, async (t) => {
    const stage = await stageFor(t, { hosts: 6 });
    const broken = await another(t, cut);
    const other = await another(t, cut);
    const ports = [broken.port, stage.managementCenter.port, other.port];
    const ended = await runHere(t, stage.directory, wordsFor(stage, ports, '-retries=0', ...way));
    assert.equal(ended.code, 1, ended.output);
    assert.equal(hostsOf(stage.managementCenter), 6);
    const summary = await summaryIn(stage);
    const [first, whole, last] = summary.servers ?? [];
    const kept = (await readdir(stage.directory)).filter((name) => name.startsWith('Unsent_'));
    assert.equal(kept.length, 2);
    assert.notEqual(first?.unsentFile, last?.unsentFile);
    assert.equal(whole?.unsentFile, null);
    for (const server of [first, last]) {
      const text = await readFile(server?.unsentFile ?? '', 'utf8');
      assert.equal(text.match(/^ScanFlush$/gm)?.length, 6 - (server?.units ?? 0));
    }
    assert.match(
      ended.stdout,
      new RegExp(`127\\.0\\.0\\.1:${broken.port}: What is not delivered was kept in .*\\[QC5507\\]`),
    );
  });

  test(`${how}: several templates, each to each`, async (t) => {
    const stage = await stageFor(t, { hosts: 3 });
    const other = await another(t);
    const ids = `${STAGE.template},${STAGE.secondTemplate}`;
    const words = [ids, ...wordsFor(stage, [stage.managementCenter.port, other.port], '-overlap', ...way)];
    const ended = await runHere(t, stage.directory, words, { command: 'process-multiple' });
    assert.equal(ended.code, 0, ended.output);
    assert.deepEqual(other.networkMap, stage.managementCenter.networkMap);
    assert.equal(stage.qualys.launches, 2);
    const { inputs } = await summaryIn(stage);
    assert.deepEqual(
      inputs.map(({ template, server, outcome }) => [
        template,
        server?.endsWith(String(other.port)),
        outcome,
      ]),
      [
        [STAGE.template, false, 'done'],
        [STAGE.template, true, 'done'],
        [STAGE.secondTemplate, false, 'done'],
        [STAGE.secondTemplate, true, 'done'],
      ],
    );
    assert.match(
      ended.stdout,
      new RegExp(`template ${STAGE.template} to 127\\.0\\.0\\.1:${other.port} +done`),
    );
  });

  test(`${how}: each is told what has changed since its own last night`, async (t) => {
    const stage = await stageFor(t);
    const other = await another(t);
    const report = join(stage.directory, 'report.xml');
    const night = async (ports: readonly number[], hosts: readonly string[]): Promise<RunSummary> => {
      await writeFile(
        report,
        reportXml(
          hosts.map((address) => hostXml(address, [{ qid: 1 }])),
          [],
        ),
      );
      const words = wordsFor(stage, ports, `-report=${report}`, '-state=state', '-changed', ...way);
      const ended = await runHere(t, stage.directory, words);
      assert.equal(ended.code, 0, ended.output);
      return summaryIn(stage);
    };
    const both = [stage.managementCenter.port, other.port];
    await night([stage.managementCenter.port], ['192.0.2.1']);
    await night(both, ['192.0.2.1', '192.0.2.2']);
    const { inputs } = await night(both, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    assert.deepEqual(
      inputs.map(({ changes }) => [changes?.full, changes?.hosts.new, changes?.hosts.unchanged]),
      [
        [null, 1, 2],
        [null, 1, 2],
      ],
    );
    assert.equal(hostsOf(other), 3);
    assert.deepEqual(other.networkMap, stage.managementCenter.networkMap);
    const files = await readdir(join(stage.directory, 'state'));
    assert.equal(files.length, 2, files.join(' '));
  });

  test(`${how}: the order in which they are named does not matter to their maps`, async (t) => {
    const stage = await stageFor(t, { hosts: 5 });
    const other = await another(t);
    const ports = [stage.managementCenter.port, other.port];
    for (const order of [ports, ports.toReversed()]) {
      const ended = await runHere(t, stage.directory, wordsFor(stage, order, ...way));
      assert.equal(ended.code, 0, ended.output);
      assert.deepEqual(other.networkMap, stage.managementCenter.networkMap);
    }
  });

  test(`${how}: a file of commands goes to all of them`, async (t) => {
    const stage = await stageFor(t);
    const other = await another(t);
    await writeFile(
      join(stage.directory, 'commands.csv'),
      'SetSource,Test\nAddScanResult,192.0.2.1,"Test",1,,,"A","","",""\nScanFlush\n',
    );
    const words = wordsFor(stage, [stage.managementCenter.port, other.port], ...way).map((word) =>
      word === stage.plugininfo ? '-plugininfo=commands.csv' : word,
    );
    const ended = await runHere(t, stage.directory, [...words, 'csv']);
    assert.equal(ended.code, 0, ended.output);
    assert.equal(hostsOf(other), 1);
    assert.deepEqual(other.networkMap, stage.managementCenter.networkMap);
  });
}

test('where none is ready, nothing is downloaded', async (t) => {
  const stage = await stageFor(t);
  const ports = [await deadPort(), await deadPort()];
  const ended = await runHere(t, stage.directory, wordsFor(stage, ports));
  assert.equal(ended.code, 1, ended.output);
  assert.equal(stage.qualys.launches, 0);
  const { servers, destination } = await summaryIn(stage);
  assert.deepEqual(
    servers?.map(({ error }) => error?.code),
    ['QC5103', 'QC5103'],
  );
  assert.equal(destination, null);
});

test('a report that is broken is told once, and fails for each of them', async (t) => {
  const stage = await stageFor(t);
  const other = await another(t);
  await writeFile(join(stage.directory, 'report.xml'), '<ASSET_DATA_REPORT><HOST_LIST>');
  const words = wordsFor(stage, [stage.managementCenter.port, other.port], '-report=report.xml');
  const ended = await runHere(t, stage.directory, words);
  assert.equal(ended.code, 2, ended.output);
  assert.equal(ended.stdout.match(/Error detected during run/g)?.length, 1);
  const { inputs } = await summaryIn(stage);
  assert.deepEqual(
    inputs.map(({ outcome }) => outcome),
    ['failed', 'failed'],
  );
});

test('Ctrl-C while the second is delivered to leaves the first whole, and says so', async (t) => {
  const stage = await stageFor(t);
  const hanging = await another(t, ({ connection, block }) =>
    connection > 1 && block === 1 ? { does: 'silence' } : undefined,
  );
  const third = await another(t);
  const ports = [stage.managementCenter.port, hanging.port, third.port];
  const ended = await connector(wordsFor(stage, ports, '-level=3', '-replytimeout=2'), {
    cwd: stage.directory,
    meanwhile: signalAfter(`127.0.0.1:${hanging.port}: MAX Size Received: 524288 [`, 'SIGINT'),
  });
  assert.equal(ended.code, 130, ended.output);
  assert.equal(hostsOf(stage.managementCenter), 50);
  assert.equal(hostsOf(third), 0);
  const { servers, inputs } = await summaryIn(stage);
  assert.deepEqual(
    servers?.map(({ exitCode, units }) => [exitCode, units]),
    [
      [0, 50],
      [130, 0],
      [130, 0],
    ],
  );
  assert.deepEqual(
    inputs.map(({ outcome }) => outcome),
    ['done', 'failed', 'not started'],
  );
});

test('one page and one file of metrics tell of each of them', async (t) => {
  const stage = await stageFor(t);
  const broken = await another(t, cut);
  const ports = [stage.managementCenter.port, broken.port];
  const words = wordsFor(stage, ports, '-retries=0', '-metrics=m.prom', '-page=p.html');
  const ended = await runHere(t, stage.directory, words);
  assert.equal(ended.code, 1, ended.output);
  const metrics = await readFile(join(stage.directory, 'm.prom'), 'utf8');
  const [good, bad] = ports.map((port) => `{server="127.0.0.1:${port}",source="template ${STAGE.template}"}`);
  assert.ok(metrics.includes(`qualys_connector_delivered_hosts${good} 50\n`), metrics);
  assert.ok(metrics.includes(`qualys_connector_exit_code${good} 0\n`));
  assert.ok(metrics.includes(`qualys_connector_exit_code${bad} 1\n`));
  assert.ok(metrics.includes(`qualys_connector_last_success_timestamp_seconds${good}`));
  assert.ok(!metrics.includes(`qualys_connector_last_success_timestamp_seconds${bad}`));
  assert.equal(metrics.match(/^# TYPE qualys_connector_exit_code /gm)?.length, 1);
  const page = await readFile(join(stage.directory, 'p.html'), 'utf8');
  const text = page.slice(page.indexOf('<h1>')).replace(/<\/?(?:bdi|strong)>/g, '');
  const lacking = text.indexOf(`:${broken.port} lacks something`);
  const whole = text.indexOf(`:${stage.managementCenter.port} has acknowledged all`);
  assert.ok(lacking > 0 && lacking < whole, text.slice(0, 3000));
  // What is known of the source is there once.
  assert.equal(page.split('By severity</h2>').length, 2);
  assert.match(page, /<caption>50 hosts, the worst first/);
});

test('-test asks each of them, and says which', async (t) => {
  const stage = await stageFor(t);
  const dead = await deadPort();
  const ports = [stage.managementCenter.port, dead];
  const ended = await runHere(t, stage.directory, wordsFor(stage, ports, '-test'));
  assert.equal(ended.code, 2, ended.output);
  assert.match(ended.stdout, new RegExp(`ok +Management Center +127\\.0\\.0\\.1:${ports[0]} answers`));
  assert.match(ended.stdout, new RegExp(`FAILED +Management Center +127\\.0\\.0\\.1:${dead}: .*QC5103`));
  const { checks = [] } = await summaryIn(stage);
  assert.deepEqual(
    checks.filter(({ name }) => name === 'Management Center').map(({ server, ok }) => [server, ok]),
    ports.map((port, index) => [`127.0.0.1:${port}`, index === 0]),
  );
});

test('what cannot be meant of several is refused', async (t) => {
  const stage = await stageFor(t);
  const { port } = stage.managementCenter;
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [['-server=127.0.0.1,localhost', stage.plugininfo], 'QC1042'],
    [['-server=2001:db8::1,[2001:DB8:0::1]', stage.plugininfo], 'QC1042'],
    [['-server=a,b', `-fingerprint=${'a'.repeat(64)}`], 'QC1041'],
    [['-server=a,b', '-csvfile=o.csv', '-state=state'], 'QC1043'],
    [[`-server=a,b:0`], 'QC5040'],
    [['-server=a,'], 'QC5040'],
    [['-server=a,b:8307:1'], 'QC5040'],
    [[`-server=127.0.0.1:${port}`], 'QC5040'],
  ];
  for (const [words, code] of refusals) {
    const ended = await runHere(t, stage.directory, words);
    assert.equal(ended.code, 2, `${words.join(' ')}: ${ended.output}`);
    assert.match(ended.output, new RegExp(`\\[${code}\\]`));
  }
});

/** What the YAML lists. */
async function list(stage: TestStage, ...lines: readonly string[]): Promise<void> {
  await appendFile(stage.files.yaml, `\nservers:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

test('servers in the YAML have a certificate file, a password, a fingerprint and a domain of their own', async (t) => {
  const stage = await stageFor(t, { hosts: 3 });
  // With another authority: neither's certificate file leads to the other.
  const other = await stageFor(t, {
    certificates: makeStageCertificates(),
    managementCenter: { keepTranscript: true },
  });
  await writeFile(join(stage.directory, 'other.password'), `${STAGE.pkcs12Password}\n`);
  const entry = [
    `- address: 127.0.0.1`,
    `  port: ${other.managementCenter.port}`,
    `  pkcs12: '${other.files.pkcs12}'`,
    `  password_file: '${join(stage.directory, 'other.password')}'`,
    `  domain: Global`,
  ];
  await list(stage, `- 127.0.0.1:${stage.managementCenter.port}`, ...entry);
  const words = [`-pkcs12=${stage.files.pkcs12}`, stage.plugininfo, '-summary=summary.json'];
  const ended = await runHere(t, stage.directory, words);
  assert.equal(ended.code, 0, ended.output);
  assert.equal(hostsOf(other.managementCenter), 3);
  assert.deepEqual(
    Object.keys(other.managementCenter.networkMap.hosts),
    Object.keys(stage.managementCenter.networkMap.hosts),
  );
  const saysDomain = ({ managementCenter }: TestStage): boolean =>
    managementCenter.connections.some(({ received }) => received.toBuffer().includes('SetDomain,Global\n'));
  assert.deepEqual([stage, other].map(saysDomain), [false, true]);
  const { servers } = await summaryIn(stage);
  assert.equal(servers?.length, 2);
  // -server goes before the list, with what the list says of it.
  const again = await runHere(t, stage.directory, [
    '-server=127.0.0.1',
    `-port=${other.managementCenter.port}`,
    ...words,
  ]);
  assert.equal(again.code, 0, again.output);
  assert.equal((await summaryIn(stage)).destination, `127.0.0.1:${other.managementCenter.port}`);
  // Not the fingerprint of its certificate.
  const { yaml } = stage.files;
  await writeFile(
    yaml,
    (await readFile(yaml, 'utf8')).replace('  domain: Global', `  fingerprint: ${'ab'.repeat(32)}`),
  );
  const refused = await runHere(t, stage.directory, words);
  assert.equal(refused.code, 1, refused.output);
  const after = await summaryIn(stage);
  assert.deepEqual(
    after.servers?.map(({ exitCode, error }) => [exitCode, error?.code]),
    [
      [0, undefined],
      [1, 'QC5033'],
    ],
  );
  const tested = await runHere(t, stage.directory, [...words, '-test']);
  assert.match(
    tested.stdout,
    new RegExp(`FAILED +Management Center +127\\.0\\.0\\.1:${other.managementCenter.port}: `),
  );
});

test('metrics are of the servers in the YAML too where the run ends before it knows them', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  const ports = [stage.managementCenter.port, await deadPort()];
  await list(stage, ...ports.map((port) => `- 127.0.0.1:${port}`));
  const words = [stage.plugininfo, '-metrics=m.prom'];
  assert.equal((await runHere(t, stage.directory, words)).code, 1);
  await appendFile(stage.files.yaml, 'no_such_key: 1\n');
  assert.equal((await runHere(t, stage.directory, words)).code, 2);
  const metrics = await readFile(join(stage.directory, 'm.prom'), 'utf8');
  const [good, dead] = ports.map(
    (port) => `{server="127.0.0.1:${port}",source="template ${STAGE.template}"}`,
  );
  assert.ok(metrics.includes(`qualys_connector_exit_code${good} 2\n`), metrics);
  assert.ok(metrics.includes(`qualys_connector_exit_code${dead} 2\n`), metrics);
  assert.ok(metrics.includes(`qualys_connector_last_success_timestamp_seconds${good} `), metrics);
});

test('what is wrong with an entry of servers is said, with its number', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  const before = await readFile(stage.files.yaml, 'utf8');
  for (const [lines, sentence] of [
    [['- 10.0.0.1', '- 10.0.0.999'], /entry 2 of 'servers' is wrong: '10\.0\.0\.999' cannot be/],
    [['- port: 8307'], /entry 1 of 'servers' has no 'address'/],
    [['- address: a', '  adress: b'], /has a key 'adress'; there are address, port/],
    [['- address: a', '  port: 70000'], /has a port that is no number/],
    [['- address: a:1', '  port: 2'], /has a port in its address, and another one/],
    [['- address: a', '  address: b'], /QC2003|says twice/],
    [['- address: a', '  fingerprint: 12'], /is wrong: '12' is not a SHA-256 fingerprint/],
    [['- address: a', '  domain: "a,b"'], /has a domain that is not printable/],
  ] as const) {
    await writeFile(stage.files.yaml, before);
    await list(stage, ...lines);
    const ended = await runHere(t, stage.directory, [stage.plugininfo]);
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.output, sentence);
  }
  await writeFile(stage.files.yaml, `${before}\ntags:\n  - address: a\n`);
  const ended = await runHere(t, stage.directory, [stage.plugininfo, ...stage.toServer.slice(0, 3)]);
  assert.match(ended.output, /a value is itself a block or a list in brackets\) .*\[QC2003\]|QC2003/);
});

test('without -server and servers the usage is shown as ever', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  const ended = await connector([stage.plugininfo], { cwd: stage.directory });
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /^usage/m);
  assert.match(ended.stderr, /QC1010/);
  await list(stage, `- 127.0.0.1:${stage.managementCenter.port}`);
  const listed = await runHere(t, stage.directory, [stage.plugininfo]);
  assert.equal(listed.code, 0, listed.output);
  assert.equal(hostsOf(stage.managementCenter), 1);
});

test('-parallel: one that does not answer does not hold the next one', async (t) => {
  const stage = await stageFor(t);
  const silent = await another(t, ({ connection, block }) =>
    connection > 1 && block === 1 ? { does: 'silence' } : undefined,
  );
  const ports = [silent.port, stage.managementCenter.port];
  const ended = await connector(wordsFor(stage, ports, '-level=3', '-parallel'), {
    cwd: stage.directory,
    // Which comes only when the second one has answered; the first one never does.
    meanwhile: signalAfter(`127.0.0.1:${stage.managementCenter.port}: Sent command`, 'SIGINT'),
  });
  assert.equal(ended.code, 130, ended.output);
  assert.equal(hostsOf(stage.managementCenter), 50);
  assert.equal(hostsOf(silent), 0);
});
