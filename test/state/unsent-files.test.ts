/** What becomes of files of unsent commands with -state, through the command and a simulated Management Center. */
import assert from 'node:assert/strict';
import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FaultPlan } from '../../src/simulators/management-center/faults.ts';
import type { RunSummary } from '../../src/summary/run-summary.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { connector, type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

interface Scene {
  readonly t: TestContext;
  readonly stage: TestStage;
  /** What goes wrong in the present run, whose first connection only asks what the Management Center takes. */
  fault: FaultPlan | undefined;
}

const breaksAt =
  (first: number): FaultPlan =>
  ({ block }) =>
    block >= first ? { does: 'reset' } : undefined;

const TWELVE_HOSTS = Array.from({ length: 12 }, (_, index) => hostXml(`192.0.2.${index + 1}`, [{ qid: 3 }]));

async function scene(t: TestContext): Promise<Scene> {
  let before = 0;
  const now: Scene = {
    t,
    stage: await stageFor(t, {
      qualys: { report: () => [reportXml(TWELVE_HOSTS, [entryXml({ qid: 3, threat: 'x'.repeat(250) })])] },
      managementCenter: {
        maximumSize: 1024,
        faults: ({ connection, block }) => {
          if (now.fault === undefined) before = connection;
          return now.fault?.({ connection: connection - before, block });
        },
      },
    }),
    fault: undefined,
  };
  return now;
}

interface Night extends Ended {
  readonly summary: RunSummary;
}

interface NightOptions {
  readonly fault?: FaultPlan;
  readonly command?: 'qualys_connector' | 'process-multiple';
  readonly env?: Readonly<Record<string, string>>;
}

async function night(now: Scene, words: readonly string[], options: NightOptions = {}): Promise<Night> {
  const { t, stage } = now;
  const { fault, ...others } = options;
  now.fault = fault;
  const all = [...stage.toServer, '-retries=0', '-level=3', '-summary=s.json', ...words];
  const ended = await runHere(t, stage.directory, all, others);
  await stage.managementCenter.settled();
  const summary = JSON.parse(await readFile(join(stage.directory, 's.json'), 'utf8')) as RunSummary;
  return { ...ended, summary };
}

const STATE = '-state=state';
const COMPLAINT = 'line 3: no such host\nDone processing 12 commands.\n';

/** Paths of all files of unsent commands. */
async function unsent({ stage }: Scene): Promise<string[]> {
  const names = await readdir(stage.directory);
  return names.filter((name) => name.startsWith('Unsent_')).map((name) => join(stage.directory, name));
}

/** A night that is broken off, after which there is one more file. */
async function failedNight(now: Scene, words = [STATE], options: NightOptions = {}): Promise<string> {
  const before = new Set(await unsent(now));
  const failed = await night(now, words, { fault: breaksAt(2), ...options });
  assert.equal(failed.code, 1, failed.output);
  const [file = ''] = (await unsent(now)).filter((path) => !before.has(path));
  assert.notEqual(file, '');
  return file;
}

async function listIn({ stage }: Scene): Promise<string> {
  const names = await readdir(join(stage.directory, 'state'));
  return join(stage.directory, 'state', names.find((name) => name.endsWith('-unsent.json')) ?? 'none');
}

for (const more of [[], ['-changed']]) {
  test(`what a broken night left is superseded by the next one${more.length > 0 ? ' with -changed' : ''}`, async (t) => {
    const now = await scene(t);
    const words = [STATE, ...more];
    const file = await failedNight(now, words);
    assert.equal((await stat(await listIn(now))).mode & 0o777, 0o600);
    const next = await night(now, words);
    assert.equal(next.code, 0, next.output);
    assert.deepEqual(await unsent(now), []);
    assert.deepEqual(next.summary.inputs[0]?.superseded, [file]);
    assert.match(
      next.stdout,
      new RegExp(`Removed ${file}, kept on 20\\S+Z: each of its sources is delivered since`),
    );
    assert.equal(Object.keys(now.stage.managementCenter.networkMap.hosts).length, 12);
    assert.doesNotMatch(next.stdout, /QC562/);
    await assert.rejects(stat(await listIn(now)));
  });
}

test('two broken nights leave two files, named again until a whole night', async (t) => {
  const now = await scene(t);
  const first = await failedNight(now);
  const again = await night(now, [STATE], { fault: breaksAt(3) });
  assert.match(
    again.stdout,
    new RegExp(`WARNING\\] ${first}, kept less than an hour ago, is still not.*QC5620`),
  );
  const files = await unsent(now);
  assert.equal(files.length, 2);
  assert.equal(again.stdout.match(/QC5620/g)?.length, 1);
  const whole = await night(now, [STATE]);
  assert.deepEqual([...(whole.summary.inputs[0]?.superseded ?? [])].sort(), files.sort());
  assert.deepEqual(await unsent(now), []);
});

test('the age of what waits is told', async (t) => {
  const now = await scene(t);
  await failedNight(now);
  const path = await listIn(now);
  const list = await readFile(path, 'utf8');
  const kept = new Date(Date.now() - 3 * 86_400_000 - 1000).toISOString();
  await writeFile(path, list.replace(/"kept": "[^"]+"/, `"kept": "${kept}"`));
  assert.match((await night(now, [STATE], { fault: breaksAt(1) })).stdout, /kept 3 days ago, is still not/);
});

test('without -state, with another folder, and with -csvfile, it stays', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  for (const words of [[], ['-state=other'], [STATE, '-csvfile=Output.csv']]) {
    const next = await night(now, words);
    assert.equal(next.code, 0, next.output);
    assert.doesNotMatch(next.stdout, /QC562|Removed/);
    assert.deepEqual(await unsent(now), [file]);
  }
});

test('what was kept without -state is left alone', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now, []);
  await night(now, [STATE]);
  assert.deepEqual(await unsent(now), [file]);
});

test('a file that somebody has changed, replaced or moved is left alone', async (t) => {
  const now = await scene(t);
  const changed = await failedNight(now);
  const replaced = await failedNight(now);
  const moved = await failedNight(now);
  await appendFile(changed, '\n');
  await copyFile(replaced, `${replaced}.copy`);
  await rename(`${replaced}.copy`, replaced);
  await mkdir(join(now.stage.directory, 'aside'));
  await rename(moved, join(now.stage.directory, 'aside', 'Unsent.csv'));
  const next = await night(now, [STATE]);
  assert.equal(next.code, 0, next.output);
  assert.deepEqual((await unsent(now)).sort(), [changed, replaced].sort());
  assert.equal(next.summary.inputs[0]?.superseded, undefined);
  for (const file of [changed, replaced]) {
    assert.match(
      next.stdout,
      new RegExp(`DEBUG\\] ${file} was changed since it was kept, and is left alone`),
    );
  }
  assert.match(next.stdout, new RegExp(`DEBUG\\] ${moved} is not there any more`));
  assert.doesNotMatch((await night(now, [STATE])).stdout, /Unsent_/);
});

test('a list that names any other file removes nothing', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const path = await listIn(now);
  const own = join(now.stage.directory, 'precious.csv');
  await rename(file, own);
  await writeFile(path, (await readFile(path, 'utf8')).replace(file, own));
  const next = await night(now, [STATE]);
  assert.equal(next.code, 0, next.output);
  assert.match(next.stdout, /WARNING\] The list of files of unsent commands .* cannot be used.*QC5621/);
  await stat(own);
});

test('a file that cannot be looked at does not stop the night', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const path = await listIn(now);
  const aside = join(now.stage.directory, 'aside');
  await symlink('aside', aside);
  const outOfReach = join(aside, basename(file));
  await writeFile(path, (await readFile(path, 'utf8')).replace(file, outOfReach));
  const next = await night(now, [STATE]);
  assert.equal(next.code, 0, next.output);
  assert.match(next.stdout, new RegExp(`DEBUG\\] ${outOfReach} cannot be looked at: .*\\(ELOOP\\)`));
  assert.deepEqual(await unsent(now), [file]);
});

test('a list that is cut off is told, and replaced', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const path = await listIn(now);
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 100));
  const second = await night(now, [STATE], { fault: breaksAt(2) });
  assert.match(second.stdout, /it is no JSON.*QC5621/);
  const third = await night(now, [STATE]);
  assert.doesNotMatch(third.stdout, /QC5621/);
  assert.deepEqual(await unsent(now), [file]);
});

test('of two templates both have to be delivered', async (t) => {
  const now = await scene(t);
  const multiple = { command: 'process-multiple' } as const;
  const both = ['424242,535353', STATE];
  const file = await failedNight(now, both, { ...multiple, fault: breaksAt(1) });
  const one = await night(now, ['424242', STATE], multiple);
  assert.equal(one.code, 0, one.output);
  assert.match(one.stdout, new RegExp(`${file}, kept .* is still not delivered \\(template 535353\\)`));
  const other = await night(now, ['535353', STATE], multiple);
  assert.deepEqual(other.summary.inputs[0]?.superseded, [file]);
  assert.deepEqual(await unsent(now), []);
});

test('a file that a later template of the run is added to is known as it is then', async (t) => {
  const now = await scene(t);
  const multiple = { command: 'process-multiple' } as const;
  const both = ['424242,535353', STATE];
  const file = await failedNight(now, both, {
    ...multiple,
    // The session of the first template.
    fault: ({ connection, block }) => (connection === 2 && block >= 2 ? { does: 'reset' } : undefined),
  });
  const next = await night(now, both, multiple);
  assert.equal(next.code, 0, next.output);
  const superseded = next.summary.inputs.map((input) => input.superseded);
  assert.deepEqual(superseded, [[file], undefined]);
  assert.deepEqual(await unsent(now), []);
});

test('another source supersedes nothing', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const report = reportXml([hostXml('192.0.2.1', [{ qid: 3 }])], [entryXml({ qid: 3 })]);
  await writeFile(join(now.stage.directory, 'report.xml'), report);
  const next = await night(now, [STATE, '-report=report.xml']);
  assert.equal(next.code, 0, next.output);
  assert.match(next.stdout, /is still not delivered \(template 424242\)/);
  assert.deepEqual(await unsent(now), [file]);
});

test('a report that lacks most hosts supersedes nothing, before somebody says that it is meant', async (t) => {
  const now = await scene(t);
  const path = join(now.stage.directory, 'report.xml');
  const write = (hosts: number): Promise<void> => {
    const list = Array.from({ length: hosts }, (_, index) => hostXml(`192.0.2.${index + 1}`, [{ qid: 3 }]));
    return writeFile(path, reportXml(list, [entryXml({ qid: 3, threat: 'x'.repeat(250) })]));
  };
  const words = [STATE, '-report=report.xml'];
  await write(60);
  assert.equal((await night(now, words)).code, 0);
  const file = await failedNight(now, words);
  await write(5);
  assert.equal((await night(now, words)).code, 3);
  assert.deepEqual(await unsent(now), [file]);
  assert.equal((await night(now, [...words, '-force'])).code, 0);
  assert.deepEqual(await unsent(now), []);
});

test('a file of commands that could not be sent is never removed', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const words = ['csv', '-state=state'];
  const csv = [`-plugininfo=${file}`];
  const { stage } = now;
  const toServer = stage.toServer.filter((word) => !word.startsWith('-plugininfo'));
  now.fault = breaksAt(1);
  const all = [...toServer, '-retries=0', '-level=3', ...csv, ...words];
  const failed = await runHere(t, stage.directory, all);
  assert.equal(failed.code, 1, failed.output);
  const [passing = ''] = (await unsent(now)).filter((path) => path !== file);
  now.fault = undefined;
  const sent = await runHere(t, stage.directory, all);
  assert.equal(sent.code, 0, sent.output);
  assert.deepEqual((await unsent(now)).sort(), [file, passing].sort());
  assert.match(sent.stdout, new RegExp(`${passing}, kept .*; a file of commands never is`));
  await night(now, [STATE]);
  assert.deepEqual(await unsent(now), [passing]);
});

test('a night with complaints supersedes nothing', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const fault: FaultPlan = ({ block }) => (block === 2 ? { does: 'answer', text: COMPLAINT } : undefined);
  const next = await night(now, [STATE], { fault });
  assert.equal(next.code, 3, next.output);
  assert.deepEqual(await unsent(now), [file]);
});

test('a list that cannot be written is told, and nothing is lost', async (t) => {
  const now = await scene(t);
  await failedNight(now);
  const path = await listIn(now);
  await rm(path);
  await mkdir(path);
  const failed = await night(now, [STATE], { fault: breaksAt(2) });
  assert.equal(failed.code, 1, failed.output);
  assert.match(
    failed.stdout,
    /WARNING\] Which files of unsent commands are kept could not be remembered.*QC5622/,
  );
  await rm(path, { recursive: true });
  const next = await night(now, [STATE]);
  assert.equal(next.code, 0, next.output);
  assert.equal((await unsent(now)).length, 2);
});

test('a run that is killed while it sends leaves what earlier ones have kept', async (t) => {
  const now = await scene(t);
  const file = await failedNight(now);
  const { stage } = now;
  let isKilled = false;
  await connector([...stage.toServer, STATE, '-level=3'], {
    cwd: stage.directory,
    meanwhile: (child) => {
      now.fault = ({ block }) => {
        if (block < 2) return undefined;
        isKilled = child.kill('SIGKILL');
        return { does: 'silence' };
      };
    },
  });
  assert.ok(isKilled);
  assert.deepEqual(await unsent(now), [file]);
  assert.deepEqual((await night(now, [STATE])).summary.inputs[0]?.superseded, [file]);
});
