/** -state and -changed, through the command and a simulated Management Center. */
import assert from 'node:assert/strict';
import { copyFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RunSummary } from '../../src/summary/run-summary.ts';
import { entryXml, type FindingXml, hostXml, reportXml } from '../support/asset-report.ts';
import { type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

type Findings = Readonly<Record<string, readonly FindingXml[]>>;

const GLOSSARY = [1, 2, 3, 4, 5].map((severity) => entryXml({ qid: severity, severity, threat: '' }));

/** Ten hosts, so that one of them is ten percent. */
function tenHosts(changes: Findings = {}): Findings {
  const same = Array.from({ length: 10 }, (_, index) => [`192.0.2.${index + 1}`, [{ qid: 3 }]] as const);
  return { ...Object.fromEntries(same), ...changes };
}

async function withReport(stage: TestStage, hosts: Findings): Promise<string> {
  const path = join(stage.directory, 'report.xml');
  const list = Object.entries(hosts).map(([address, findings]) => hostXml(address, findings));
  await writeFile(path, reportXml(list, GLOSSARY).replace('2026-01-15T06:00:00Z', new Date().toISOString()));
  return '-report=report.xml';
}

interface Night extends Ended {
  readonly summary: RunSummary;
}

/** One run; what it may not do is looked at in its summary. */
async function night(
  t: TestContext,
  stage: TestStage,
  hosts: Findings,
  ...more: readonly string[]
): Promise<Night> {
  const report = await withReport(stage, hosts);
  const words = [...stage.toServer, report, '-state=state', '-summary=s.json', '-retries=0', ...more];
  const ended = await runHere(t, stage.directory, words);
  await stage.managementCenter.settled();
  const summary = JSON.parse(await readFile(join(stage.directory, 's.json'), 'utf8')) as RunSummary;
  return { ...ended, summary };
}

function changesIn({ summary }: Night) {
  const changes = summary.inputs[0]?.changes;
  assert.ok(changes);
  return changes;
}

function unitsIn({ summary }: Night): number | undefined {
  return summary.inputs[0]?.delivery.units;
}

function resultsOf(stage: TestStage, address: string): string[] {
  const { hosts } = stage.managementCenter.networkMap;
  return Object.values(hosts[address]?.results.QualysGuard ?? {}).map(({ vulnerability }) => vulnerability);
}

test('the second night sends what changed, and tells it', async (t) => {
  const stage = await stageFor(t);
  const first = await night(t, stage, tenHosts(), '-changed');
  assert.equal(first.code, 0, first.output);
  assert.equal(changesIn(first).since, null);
  assert.match(first.stdout, /Everything is sent: nothing is remembered of this source yet/);
  assert.equal(unitsIn(first), 10);
  const second = await night(
    t,
    stage,
    tenHosts({
      '192.0.2.1': [{ qid: 3 }, { qid: 5, port: 443, protocol: 'tcp' }],
      '192.0.2.2': [{ qid: 4 }],
      '192.0.2.77': [{ qid: 1 }],
    }),
    '-changed',
  );
  assert.equal(second.code, 0, second.output);
  assert.equal(unitsIn(second), 3);
  const { since, full, hosts, findings } = changesIn(second);
  assert.equal(since, first.summary.started);
  assert.equal(full, null);
  assert.deepEqual(hosts, { new: 1, changed: 2, unchanged: 8, gone: 0 });
  assert.deepEqual(findings, {
    new: 3,
    gone: 1,
    newBySeverity: { '1': 1, '2': 0, '3': 0, '4': 1, '5': 1, unknown: 0 },
    goneBySeverity: { '1': 0, '2': 0, '3': 1, '4': 0, '5': 0, unknown: 0 },
  });
  assert.deepEqual(changesIn(first).newFindings, []);
  assert.deepEqual(changesIn(second).newFindings, [
    { address: '192.0.2.1', qid: 5, port: 443, protocol: 'tcp', severity: 5 },
    { address: '192.0.2.2', qid: 4, port: 0, protocol: '', severity: 4 },
  ]);
  assert.match(second.stdout, /New, severity 5: host 192\.0\.2\.1, QID 5 "Title of 5" on port 443 tcp\n/);
  assert.match(second.stdout, / hosts +1 new, 2 changed, 8 unchanged, 0 gone\n/);
  assert.match(second.stdout, / findings new +3 \(severity 5: 1, 4: 1, 1: 1\)\n/);
  assert.deepEqual(resultsOf(stage, '192.0.2.2'), ['4']);
  const third = await night(t, stage, tenHosts({ '192.0.2.77': [{ qid: 1 }] }), '-changed');
  assert.deepEqual(changesIn(third).hosts, { new: 0, changed: 2, unchanged: 9, gone: 0 });
  const fourth = await night(t, stage, tenHosts({ '192.0.2.77': [{ qid: 1 }] }), '-changed');
  assert.equal(unitsIn(fourth), 0);
  assert.equal(fourth.code, 0);
  assert.doesNotMatch(fourth.stdout, /No data to process/);
  assert.match(fourth.stdout, /Processing Complete\n$/);
});

test('the folder and what is in it are for their owner alone', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  const folder = join(stage.directory, 'state');
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  const files = await readdir(folder);
  assert.equal(files.length, 1, files.join(' '));
  for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
});

test('-csvfile holds what would be sent, and the state stays as it is', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  const folder = join(stage.directory, 'state');
  const [file = ''] = await readdir(folder);
  const before = await readFile(join(folder, file));
  const map = stage.managementCenter.networkMap;
  const dry = await night(
    t,
    stage,
    tenHosts({ '192.0.2.3': [{ qid: 5 }] }),
    '-changed',
    '-csvfile=Output.csv',
  );
  assert.equal(dry.code, 0, dry.output);
  assert.doesNotMatch(dry.stdout, /WARNING/);
  const csv = await readFile(join(stage.directory, 'Output.csv'), 'utf8');
  assert.deepEqual(csv.match(/^AddScanResult,[^,]*/gm), ['AddScanResult,192.0.2.3']);
  assert.deepEqual(await readdir(folder), [file]);
  assert.deepEqual(await readFile(join(folder, file)), before);
  assert.deepEqual(stage.managementCenter.networkMap, map);
});

test('hosts that are gone are cleared where that is asked for, and only then', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  const nine = Object.fromEntries(Object.entries(tenHosts()).slice(0, 9));
  const kept = await night(t, stage, nine, '-changed', '-level=3');
  assert.equal(kept.code, 0, kept.output);
  assert.equal(changesIn(kept).hosts.gone, 1);
  assert.equal(changesIn(kept).goneHosts.length, 1);
  assert.match(kept.stdout, /Host 192\.0\.2\.10 is gone/);
  assert.deepEqual(resultsOf(stage, '192.0.2.10'), ['3']);
  const clearing = await stageFor(t, { yaml: ['clear_gone_hosts: y'] });
  await night(t, clearing, tenHosts());
  const cleared = await night(t, clearing, nine, '-changed');
  assert.equal(cleared.code, 0, cleared.output);
  assert.deepEqual(resultsOf(clearing, '192.0.2.10'), []);
  assert.deepEqual(resultsOf(clearing, '192.0.2.9'), ['3']);
  assert.equal(changesIn(await night(t, clearing, nine, '-changed')).hosts.gone, 0);
});

test('a host that a file of commands was once sent for, as the file of what was unsent, is cleared when it is gone', async (t) => {
  const stage = await stageFor(t, { yaml: ['clear_gone_hosts: y'] });
  await night(t, stage, tenHosts());
  const line = 'AddScanResult,192.0.2.10,"QualysGuard",4,,,"D","","",""';
  await writeFile(
    join(stage.directory, 'Unsent.csv'),
    `SetSource,QualysGuard Scan Report\n${line}\nScanFlush\n`,
  );
  const words = [...stage.toServer.slice(0, 3), '-plugininfo=Unsent.csv', '-state=state', 'csv'];
  const sent = await runHere(t, stage.directory, words);
  assert.equal(sent.code, 0, sent.output);
  const nine = Object.fromEntries(Object.entries(tenHosts()).slice(0, 9));
  await night(t, stage, nine, '-changed');
  assert.deepEqual(resultsOf(stage, '192.0.2.10'), []);
  assert.deepEqual(resultsOf(stage, '192.0.2.9'), ['3']);
});

test('too many gone at once are not cleared, and that is said until they are back or meant', async (t) => {
  const stage = await stageFor(t, { yaml: ['clear_gone_hosts: y'] });
  await night(t, stage, tenHosts());
  const two: Findings = { '192.0.2.1': [{ qid: 4 }], '192.0.2.2': [{ qid: 3 }] };
  for (let time = 1; time <= 2; time++) {
    const emptied = await night(t, stage, two, '-changed');
    assert.equal(emptied.code, 3, emptied.output);
    assert.match(emptied.stdout, /WARNING\] 8 of 10 hosts are gone .*80 %, and gone_limit is 20.*\[QC6104\]/);
    assert.deepEqual(resultsOf(stage, '192.0.2.10'), ['3']);
    assert.deepEqual(resultsOf(stage, '192.0.2.1'), ['4']);
  }
  const back = await night(t, stage, tenHosts(), '-changed');
  assert.equal(back.code, 0, back.output);
  assert.deepEqual(changesIn(back).hosts, { new: 0, changed: 1, unchanged: 9, gone: 0 });
  const meant = await night(t, stage, two, '-changed', '-force');
  assert.equal(meant.code, 0, meant.output);
  assert.deepEqual(resultsOf(stage, '192.0.2.10'), []);
});

test('what rules the commands has changed: everything is sent, and the log says why', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, `${yaml}\nmin_severity: 2\n`);
  const next = await night(t, stage, tenHosts(), '-changed');
  assert.match(next.stdout, /Everything is sent: what rules the commands has changed: min_severity\n/);
  assert.equal(unitsIn(next), 10);
  assert.deepEqual(changesIn(next).hosts, { new: 0, changed: 0, unchanged: 10, gone: 0 });
  assert.equal(unitsIn(await night(t, stage, tenHosts(), '-changed')), 0);
});

test('hosts that are excluded are not compared, and are as they were when they are back', async (t) => {
  const stage = await stageFor(t, { yaml: ['clear_gone_hosts: y'] });
  const severe = tenHosts({ '192.0.2.10': [{ qid: 5 }] });
  await night(t, stage, severe, '-changed');
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, `${yaml}\nexclude_hosts: 192.0.2.8-192.0.2.10\n`);
  for (let time = 1; time <= 2; time++) {
    const without = await night(t, stage, severe, '-changed');
    assert.equal(without.code, 0, without.output);
    const { hosts, findings } = changesIn(without);
    assert.deepEqual(hosts, { new: 0, changed: 0, unchanged: 7, gone: 0 });
    assert.deepEqual([findings.new, findings.gone], [0, 0]);
    assert.doesNotMatch(without.stdout, /WARNING/);
  }
  assert.deepEqual(resultsOf(stage, '192.0.2.10'), ['5']);
  await writeFile(stage.files.yaml, yaml);
  const back = await night(t, stage, severe, '-changed');
  assert.deepEqual(changesIn(back).hosts, { new: 0, changed: 0, unchanged: 10, gone: 0 });
  assert.equal(changesIn(back).findings.new, 0);
  assert.doesNotMatch(back.stdout, /New, severity 5/);
});

test('findings that differ under other rules are said to be compared so, and none is named', async (t) => {
  const stage = await stageFor(t);
  const yaml = await readFile(stage.files.yaml, 'utf8');
  await writeFile(stage.files.yaml, `${yaml}\nexclude_qids: 5\n`);
  const both = tenHosts({ '192.0.2.10': [{ qid: 3 }, { qid: 5 }] });
  await night(t, stage, both);
  await writeFile(stage.files.yaml, yaml);
  const other = await night(t, stage, both);
  assert.match(other.stdout, /What is new and gone was compared under other rules: exclude_qids\n/);
  assert.doesNotMatch(other.stdout, /New, severity 5/);
  assert.equal(changesIn(other).findings.newBySeverity['5'], 1);
  assert.doesNotMatch((await night(t, stage, both)).stdout, /under other rules/);
});

test('findings that stay on hosts with nothing left to import are told once', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts({ '192.0.2.9': [{ qid: 3 }, { qid: 4 }] }), '-changed');
  const clean = tenHosts({ '192.0.2.9': [], '192.0.2.10': [] });
  const said =
    /WARNING\] 2 hosts have nothing left to import: their 3 earlier findings stay on the Management Center\. clear_clean_hosts: y takes them away\./;
  const first = await night(t, stage, clean, '-changed');
  assert.equal(first.code, 0, first.output);
  assert.match(first.stdout, said);
  assert.deepEqual(resultsOf(stage, '192.0.2.10'), ['3']);
  assert.doesNotMatch((await night(t, stage, clean, '-changed')).stdout, /nothing left to import/);
  const clearing = await stageFor(t, { yaml: ['clear_clean_hosts: y'] });
  await night(t, clearing, tenHosts(), '-changed');
  assert.doesNotMatch((await night(t, clearing, clean, '-changed')).stdout, /nothing left to import/);
});

const DAMAGES: Readonly<
  Record<string, { readonly make: (path: string) => Promise<void>; readonly says: RegExp }>
> = {
  'cut short': { make: async (path) => truncate(path, (await stat(path)).size - 40), says: /is not whole/ },
  'with a byte changed': {
    make: async (path) => {
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
      await writeFile(path, bytes);
    },
    says: /is damaged/,
  },
  'of a host changed': {
    make: async (path) => {
      const bytes = await readFile(path);
      const at = bytes.indexOf(0x0a) + 20;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(path, bytes);
    },
    says: /is damaged/,
  },
  foreign: { make: (path) => writeFile(path, '{"kind":"shopping list"}\n'), says: /is none of this program/ },
  empty: { make: (path) => writeFile(path, ''), says: /is none of this program/ },
  newer: {
    make: async (path) => {
      const text = await readFile(path, 'latin1');
      await writeFile(path, text.replace('"format":1', '"format":2'), 'latin1');
    },
    says: /was written by another version/,
  },
};

test('a state that is damaged: a warning, and everything is sent', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  for (const [kind, { make, says }] of Object.entries(DAMAGES)) {
    await t.test(kind, async (t) => {
      const folder = join(stage.directory, 'state');
      const [file = ''] = await readdir(folder);
      await make(join(folder, file));
      const next = await night(t, stage, tenHosts(), '-changed');
      assert.equal(next.code, 0, next.output);
      assert.match(
        next.stdout,
        /\[WARNING\] The state .*It is not used, and everything is sent\. \[QC6102\]/,
      );
      assert.match(next.stdout, says);
      assert.equal(unitsIn(next), 10);
      // It is a whole one again, also for the next damage.
      assert.equal(unitsIn(await night(t, stage, tenHosts(), '-changed')), 0);
    });
  }
});

test('the state of another Management Center, under the name of this one: a warning, and everything is sent', async (t) => {
  const [other, stage] = [await stageFor(t), await stageFor(t)];
  await night(t, other, tenHosts());
  await night(t, stage, tenHosts());
  const [theirs = ''] = await readdir(join(other.directory, 'state'));
  const [ours = ''] = await readdir(join(stage.directory, 'state'));
  await copyFile(join(other.directory, 'state', theirs), join(stage.directory, 'state', ours));
  const next = await night(t, stage, tenHosts(), '-changed');
  assert.match(
    next.stdout,
    /\[WARNING\] The state .* is that of another source or Management Center\. .*\[QC6102\]/,
  );
  assert.equal(unitsIn(next), 10);
});

test('-csvfile with a state that is damaged: a warning, and everything is in the file', async (t) => {
  const stage = await stageFor(t);
  await night(t, stage, tenHosts());
  const [file = ''] = await readdir(join(stage.directory, 'state'));
  const path = join(stage.directory, 'state', file);
  const text = await readFile(path, 'latin1');
  await writeFile(path, text.replace(/"rules":\{.*?\}/, '"rules":null'), 'latin1');
  const next = await night(t, stage, tenHosts(), '-changed', '-csvfile=Output.csv');
  assert.equal(next.code, 0, next.output);
  assert.match(next.stdout, /\[WARNING\] The state .* is damaged\./);
  assert.equal(unitsIn(next), 10);
});

test('a file of commands with a ScanFlush for which nothing waits is sent as a whole', async (t) => {
  const stage = await stageFor(t);
  const flushed = 'AddScanResult,192.0.2.1,"QualysGuard",1,,,"A","","",""\nScanFlush\n';
  for (const text of [
    `${flushed}ScanFlush\n`,
    `ScanFlush\n${flushed}`,
    `AddHost,192.0.2.1\nScanUpdate\n${flushed}`,
  ]) {
    await writeFile(join(stage.directory, 'commands.csv'), `SetSource,Another\n${text}`);
    const words = [
      ...stage.toServer.slice(0, 3),
      '-plugininfo=commands.csv',
      '-state=state',
      '-changed',
      'csv',
    ];
    const ended = await runHere(t, stage.directory, words);
    assert.equal(ended.code, 0, ended.output);
    assert.match(
      ended.stdout,
      /Everything is sent: in the file Scan(?:Flush|Update) stands where nothing waits for it/,
    );
    assert.match(ended.stdout, / hosts delivered +[12]\n/);
  }
});

test('what the Management Center complained about is not remembered', async (t) => {
  let complains = true;
  const stage = await stageFor(t, {
    managementCenter: {
      maximumSize: 250,
      faults: ({ connection, block }) =>
        complains && connection === 2 && block === 2
          ? { does: 'answer', text: 'Error: something is wrong\nDone processing 3 commands.\n' }
          : undefined,
    },
  });
  const first = await night(t, stage, tenHosts());
  assert.equal(first.code, 3, first.output);
  complains = false;
  const second = await night(t, stage, tenHosts(), '-changed');
  assert.equal(second.code, 0, second.output);
  const again = unitsIn(second) ?? 0;
  assert.ok(again > 0 && again < 10, `${again} hosts were sent again`);
  assert.equal(unitsIn(await night(t, stage, tenHosts(), '-changed')), 0);
});

test('a run whose connection is cut at any block: the next one brings in the rest, and no more', async (t) => {
  for (const cut of [1, 2, 6]) {
    let cuts = true;
    const stage = await stageFor(t, {
      managementCenter: {
        maximumSize: 600,
        faults: ({ connection, block }) =>
          cuts && connection > 1 && block === cut ? { does: 'close' } : undefined,
      },
    });
    const first = await night(t, stage, tenHosts(), '-changed');
    const inFirst = unitsIn(first) ?? 0;
    cuts = false;
    const second = await night(t, stage, tenHosts(), '-changed');
    assert.equal(second.code, 0, second.output);
    assert.equal(unitsIn(second), 10 - inFirst, `cut at block ${cut}`);
    for (const address of Object.keys(tenHosts())) assert.deepEqual(resultsOf(stage, address), ['3']);
  }
});

test('a folder that cannot be written to is told before anything is sent', async (t) => {
  const stage = await stageFor(t);
  await writeFile(join(stage.directory, 'state'), 'a file');
  const ended = await night(t, stage, tenHosts()).catch((error: unknown) => error);
  assert.ok(!(ended instanceof Error), String(ended));
  const { code, stdout } = ended as Night;
  assert.equal(code, 2);
  assert.match(stdout, /cannot be kept in state: .*\[QC6101\]/);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
});

test('several templates: a host of both is right after nights in which one of them changes', async (t) => {
  const stage = await stageFor(t);
  const words = ['424242,535353', ...stage.toServer, '-state=state', '-changed', '-summary=s.json'];
  const options = { command: 'process-multiple' } as const;
  const first = await runHere(t, stage.directory, words, options);
  assert.equal(first.code, 0, first.output);
  await stage.managementCenter.settled();
  const map = stage.managementCenter.networkMap;
  const second = await runHere(t, stage.directory, words, options);
  assert.equal(second.code, 0, second.output);
  await stage.managementCenter.settled();
  assert.deepEqual(stage.managementCenter.networkMap, map);
});
