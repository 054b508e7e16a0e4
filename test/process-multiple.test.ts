import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { STAGE } from '../src/simulators/stage.ts';
import { connector, stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';

const TEMPLATES = ['424242', '535353'].map((id) => ({ id, title: `Template ${id}` }));

test('several templates go one after the other, each into its own file', async (t) => {
  const stage = await stageFor(t, { hosts: 3, qualys: { templates: TEMPLATES } });
  const csv = join(stage.directory, 'Output.csv');
  const ended = await runHere(t, stage.directory, ['424242,535353', stage.plugininfo, `-csvfile=${csv}`], {
    command: 'process-multiple',
  });
  assert.equal(ended.code, 0, ended.output);
  const files = (await readdir(stage.directory)).filter((name) => name.endsWith('.csv')).sort();
  assert.deepEqual(files, ['424242_Output.csv', '535353_Output.csv']);
  // The second template holds the same hosts: its units must add to the first one's, not replace them.
  assert.doesNotMatch(await readFile(join(stage.directory, '424242_Output.csv'), 'utf8'), /^ScanUpdate$/m);
  assert.doesNotMatch(await readFile(join(stage.directory, '535353_Output.csv'), 'utf8'), /^ScanFlush$/m);
  assert.match(ended.stdout, /\[INFO\] 535353: /);
  assert.match(ended.stdout, /template 535353 +done/);
});

test('one template that fails does not stop the others; the exit code is the gravest', async (t) => {
  const stage = await stageFor(t, { hosts: 3 });
  const ended = await runHere(t, stage.directory, [`777,${STAGE.template}`, ...stage.toServer], {
    command: 'process-multiple',
  });
  assert.equal(ended.code, 2, ended.output);
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 3);
  assert.match(ended.stdout, /template 777 +failed.*\[QC\d{4}\]/);
  assert.match(ended.stdout, new RegExp(`template ${STAGE.template} +done, `));
});

test('the first template replaces what the hosts had, the second one adds to it', async (t) => {
  const stage = await stageFor(t, { hosts: 3, qualys: { templates: TEMPLATES } });
  const once = await runHere(t, stage.directory, stage.toServer);
  assert.equal(once.code, 0, once.output);
  const before = stage.managementCenter.networkMap;
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-multiinfo=424242,535353'], {
    command: 'process-multiple',
  });
  assert.equal(ended.code, 0, ended.output);
  await stage.managementCenter.settled();
  assert.deepEqual(stage.managementCenter.networkMap, before);
});

for (const [overlap, launches] of [
  [['-overlap'], 2],
  [[], 1],
] as const) {
  test(`${overlap[0] ?? 'without -overlap'}: ${launches} reports are launched while the first one is sent`, async (t) => {
    const seen: number[] = [];
    const stage = await stageFor(t, {
      hosts: 3,
      qualys: { templates: TEMPLATES },
      managementCenter: {
        // The first block gets no answer; when it comes again, a second has passed.
        faults: ({ connection, block }) => {
          if (connection === 3 && block === 1) seen.push(stage.qualys.launches);
          return connection === 2 && block === 1 ? { does: 'silence' } : undefined;
        },
      },
    });
    const ended = await runHere(
      t,
      stage.directory,
      ['424242,535353', ...stage.toServer, '-replytimeout=1', ...overlap],
      {
        command: 'process-multiple',
      },
    );
    assert.equal(ended.code, 0, ended.output);
    assert.deepEqual(seen, [launches]);
    assert.equal(stage.qualys.launches, 2);
  });
}

test('ids that are no list of them are refused before anything is contacted', async (t) => {
  const stage = await stageFor(t);
  const command = 'process-multiple';
  const refusals = [
    await connector(['1,,2', ...stage.toServer], { command }),
    await runHere(t, stage.directory, ['1,1', ...stage.toServer], { command }),
    await runHere(t, stage.directory, ['424242,x', ...stage.toServer], { command }),
  ];
  for (const { code, output } of refusals) {
    assert.equal(code, 2, output);
    assert.match(output, /is not a list of template ids.*\[QC7201\]/);
  }
  assert.equal(stage.managementCenter.connections.length, 0);
});
