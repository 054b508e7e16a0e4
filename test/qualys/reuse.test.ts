/** reuse_minutes, through the command and both simulated servers. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { QualysSimulatorOptions } from '../../src/simulators/qualys/qualys-simulator.ts';
import type { RunSummary } from '../../src/summary/run-summary.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { connector, type Ended, signalAfter, stageFor, type TestStage } from '../support/connector.ts';
import { openRoom } from '../support/qualys-room.ts';
import { runHere } from '../support/run-here.ts';

interface Scene {
  readonly t: TestContext;
  readonly stage: TestStage;
  /** Whether the Management Center breaks every connection in its first block. */
  isBroken: boolean;
}

const TEN_HOSTS = Array.from({ length: 10 }, (_, index) => hostXml(`192.0.2.${index}`, [{ qid: 3 }]));

async function scene(
  t: TestContext,
  qualys: Partial<QualysSimulatorOptions> = {},
  yaml: readonly string[] = ['reuse_minutes: 60'],
): Promise<Scene> {
  const faults = ({ block }: { block: number }) =>
    now.isBroken && block > 0 ? ({ does: 'reset' } as const) : undefined;
  const report = () => [reportXml(TEN_HOSTS, [entryXml({ qid: 3 })])];
  const stage = await stageFor(t, { yaml, qualys: { report, ...qualys }, managementCenter: { faults } });
  const now: Scene = { t, stage, isBroken: false };
  return now;
}

interface Night extends Ended {
  readonly summary: RunSummary;
}

/** One run against the simulated Management Center, from the launch (or not) to the delivery (or not). */
async function night(now: Scene, isBroken = false, ...more: readonly string[]): Promise<Night> {
  const { t, stage } = now;
  now.isBroken = isBroken;
  const words = [...stage.toServer, '-summary=s.json', '-retries=0', '-level=3', ...more];
  const ended = await runHere(t, stage.directory, words);
  await stage.managementCenter.settled();
  const summary = JSON.parse(await readFile(join(stage.directory, 's.json'), 'utf8')) as RunSummary;
  return { ...ended, summary };
}

/** A night whose delivery fails, after which one report of ours is in Qualys. */
async function failedNight(now: Scene): Promise<string> {
  const failed = await night(now, true);
  assert.equal(failed.code, 1, failed.output);
  const [id = ''] = now.stage.qualys.alive();
  assert.match(failed.stdout, new RegExp(`Report ${id} stays in Qualys, for a run within 60 minutes`));
  assert.equal(failed.summary.inputs[0]?.reused, undefined);
  return id;
}

/** Takes the calls since the last time. */
function calls({ stage }: Scene): () => string[] {
  let from = stage.qualys.transcript.length;
  return () => {
    const since = stage.qualys.transcript.slice(from).map(({ endpoint }) => endpoint);
    from += since.length;
    return since;
  };
}

async function changeYaml({ stage }: Scene, from: string, to: string): Promise<void> {
  const yaml = await readFile(stage.files.yaml, 'utf8');
  assert.ok(yaml.includes(from));
  await writeFile(stage.files.yaml, yaml.replace(from, to));
}

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

describe('a report whose data was not delivered', () => {
  it('is fetched again by the next run, which deletes it when its data is delivered', async (t) => {
    const now = await scene(t);
    const id = await failedNight(now);
    const since = calls(now);
    const next = await night(now);
    assert.equal(next.code, 0, next.output);
    assert.deepEqual(since(), ['list', 'fetch', 'list', 'delete']);
    assert.match(next.stdout, new RegExp(`Report ${id} of an earlier run, launched on 20\\S+Z, is fetched`));
    assert.match(next.stdout, new RegExp(` report +${id} of an earlier run `));
    assert.equal(next.summary.inputs[0]?.reused?.id, id);
    assert.match(next.summary.inputs[0].reused.launched, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(next.summary.inputs[0].delivery.units, 10);
    assert.deepEqual(now.stage.qualys.alive(), []);
    // What is delivered is not fetched again.
    await night(now);
    assert.equal(now.stage.qualys.launches, 2);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('stays as often as the delivery fails', async (t) => {
    const now = await scene(t);
    const id = await failedNight(now);
    assert.equal((await night(now, true)).code, 1);
    assert.deepEqual(now.stage.qualys.alive(), [id]);
    assert.equal((await night(now)).code, 0);
    assert.equal(now.stage.qualys.launches, 1);
  });

  it('makes older ones useless, which are deleted however the delivery goes', async (t) => {
    const now = await scene(t);
    const id = await failedNight(now);
    now.stage.qualys.change(id, { launched: minutesAgo(61) });
    assert.equal((await night(now, true)).code, 1);
    assert.equal(now.stage.qualys.launches, 2);
    assert.equal(now.stage.qualys.alive().length, 1);
    assert.ok(!now.stage.qualys.alive().includes(id));
  });

  it('serves a run with -state and -changed, which sends all that is missing', async (t) => {
    const now = await scene(t);
    assert.equal((await night(now, true, '-state=state', '-changed')).code, 1);
    const next = await night(now, false, '-state=state', '-changed');
    assert.equal(next.code, 0, next.output);
    assert.equal(next.summary.inputs[0]?.delivery.units, 10);
    assert.equal(now.stage.qualys.launches, 1);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('is fetched by each template of process-multiple for itself', async (t) => {
    const now = await scene(t);
    const { stage } = now;
    for (const isBroken of [true, false]) {
      now.isBroken = isBroken;
      const words = ['424242,535353', ...stage.toServer, '-overlap', '-retries=0'];
      const ended = await runHere(t, stage.directory, words, { command: 'process-multiple' });
      assert.equal(ended.code, isBroken ? 1 : 0, ended.output);
      assert.equal(stage.qualys.launches, 2);
    }
    assert.deepEqual(stage.qualys.alive(), []);
  });

  it('is fetched after a run that was killed while it sent', async (t) => {
    const now = await scene(t);
    const { stage } = now;
    const words = [...stage.toServer, '-level=3'];
    await connector(words, {
      cwd: stage.directory,
      meanwhile: signalAfter('Downloaded', 'SIGKILL'),
    });
    assert.equal(stage.qualys.alive().length, 1);
    const next = await night(now);
    assert.equal(next.code, 0, next.output);
    assert.equal(stage.qualys.launches, 1);
    assert.deepEqual(stage.qualys.alive(), []);
  });

  it('stays when one of several Management Centers could not be reached', async (t) => {
    const now = await scene(t);
    const { stage } = now;
    const { host, port } = stage.managementCenter;
    const both = stage.toServer.map((word) =>
      word.startsWith('-server=') ? `-server=${host}:${port},${host}:1` : word,
    );
    const ended = await runHere(t, stage.directory, both);
    assert.equal(ended.code, 1, ended.output);
    assert.match(ended.stdout, /Report \d+ stays in Qualys/);
    assert.equal((await night(now)).code, 0);
    assert.equal(stage.qualys.launches, 1);
    assert.deepEqual(stage.qualys.alive(), []);
  });

  it('stays when the download is cut', async (t) => {
    const room = await openRoom(t, { faults: [{ at: 'fetch', kind: 'cut by close', times: Infinity }] });
    await assert.rejects(room.download({ reuseMinutes: 60, reportTimeout: 60 }), /QC3038/);
    assert.match(room.log.messages('info').at(-1) ?? '', /^Report \d+ stays in Qualys/);
    assert.equal(room.simulator.alive().length, 1);
  });

  it('stays when there is no room here for what it holds', async (t) => {
    const details = `<OPERATING_SYSTEM>${'x'.repeat(60_000)}</OPERATING_SYSTEM>`;
    const hosts = Array.from({ length: 20 }, (_, index) => hostXml(`192.0.2.${index}`, [], details));
    const report = () => [reportXml(hosts, [])];
    const { stage } = await scene(t, { report }, ['reuse_minutes: 60', 'set_os_attr: OS', 'report_dir: .']);
    const env = { TMPDIR: join(stage.directory, 'nowhere') };
    const ended = await runHere(t, stage.directory, stage.toServer, { env });
    assert.match(ended.stdout, /\[QC4011\]/);
    assert.equal(stage.qualys.alive().length, 1, ended.output);
  });

  it('does not stay when it is not finished', async (t) => {
    const room = await openRoom(t, { timeline: { running: Infinity } });
    await assert.rejects(room.download({ reuseMinutes: 60, reportTimeout: 60 }), /QC3038/);
    assert.deepEqual(room.simulator.alive(), []);
  });
});

describe('a report is not fetched again', () => {
  /** Something is different about the report of a failed night: another one is launched. */
  async function launchesAnew(now: Scene, isOurs: boolean): Promise<void> {
    const [id] = now.stage.qualys.alive();
    const next = await night(now);
    assert.equal(next.code, 0, next.output);
    assert.equal(now.stage.qualys.launches, 2);
    assert.equal(next.summary.inputs[0]?.reused, undefined);
    assert.deepEqual(now.stage.qualys.alive(), isOurs ? [] : [id]);
  }

  it('when it is too old, and is deleted once newer data is delivered', async (t) => {
    const now = await scene(t);
    now.stage.qualys.change(await failedNight(now), { launched: minutesAgo(61) });
    await launchesAnew(now, true);
  });

  it('when it is just old enough it is', async (t) => {
    const now = await scene(t);
    now.stage.qualys.change(await failedNight(now), { launched: minutesAgo(58) });
    await night(now);
    assert.equal(now.stage.qualys.launches, 1);
  });

  for (const [what, changes] of [
    [
      'whose title is that of another template',
      { title: 'qualys-connector-424243-20260131T020000Z-9f86d081' },
    ],
    ['whose title is ours of old', { title: 'qualys-connector-424242-20260131T020000Z-9f86d081' }],
    [
      'whose title has another mark',
      { title: 'qualys-connector-424242-20260131T020000Z-9f86d081-0123456789abcdef' },
    ],
    ['that another user launched', { user: 'somebody_else' }],
    ['that is a PDF', { format: 'PDF' }],
    ['that is of the future', { launched: minutesAgo(-5) }],
  ] as const) {
    it(`${what}, nor deleted`, async (t) => {
      const now = await scene(t);
      now.stage.qualys.change(await failedNight(now), changes);
      await launchesAnew(now, false);
    });
  }

  it('whose title only holds ours, nor deleted', async (t) => {
    const now = await scene(t);
    const id = await failedNight(now);
    const launch = now.stage.qualys.transcript.find(({ endpoint }) => endpoint === 'launch');
    const title = new URLSearchParams(launch?.body).get('report_title') ?? '';
    assert.match(title, /^qualys-connector-424242-\d{8}T\d{6}Z-[\da-f]{8}-[\da-f]{16}$/);
    now.stage.qualys.change(id, { title: `Copy of ${title}` });
    await launchesAnew(now, false);
  });

  it('by a run for another template or other hosts', async (t) => {
    const now = await scene(t);
    await failedNight(now);
    await changeYaml(now, 'reuse_minutes: 60', 'reuse_minutes: 60\nips: 192.0.2.0/24');
    await launchesAnew(now, false);
    await changeYaml(now, 'template_id: 424242', 'template_id: 535353');
    await night(now);
    assert.equal(now.stage.qualys.launches, 3);
    assert.equal(now.stage.qualys.alive().length, 1);
  });

  it('when it vanishes before it is fetched', async (t) => {
    const now = await scene(t);
    now.stage.qualys.change(await failedNight(now), { vanishes: true });
    const next = await night(now);
    assert.equal(next.code, 0, next.output);
    assert.match(
      next.stdout,
      /A new report is launched: The report \d+ was launched but is not in Qualys' list/,
    );
    assert.equal(next.summary.inputs[0]?.reused, undefined);
    assert.equal(now.stage.qualys.launches, 2);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('when it comes as something else', async (t) => {
    const now = await scene(t, {
      faults: [{ at: 'fetch', kind: 'another document', times: 1, after: 1 }],
    });
    await failedNight(now);
    const next = await night(now);
    assert.equal(next.code, 0, next.output);
    assert.match(next.stdout, /A new report is launched: Qualys sent a document/);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('when it cannot be read', async (t) => {
    const now = await scene(t, {
      report: function* () {
        yield '<ASSET_DATA_REPORT><HEADER></HOST_LIST></ASSET_DATA_REPORT>';
      },
    });
    const ended = await night(now);
    assert.equal(ended.code, 2, ended.output);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('when nobody asked for that', async (t) => {
    const now = await scene(t, {}, []);
    const since = calls(now);
    assert.equal((await night(now, true)).code, 1);
    assert.deepEqual(since(), ['launch', 'list', 'fetch', 'delete']);
    assert.deepEqual(now.stage.qualys.alive(), []);
  });

  it('nor deleted, by a run beside the one that is at work on it', async (t) => {
    const room = await openRoom(t);
    const reuse = { reuseMinutes: 60 };
    const first = await room.download(reuse);
    const second = await room.download(reuse);
    assert.equal(room.simulator.launches, 2);
    await second.settle(true);
    assert.equal(room.simulator.alive().length, 1);
    await first.settle(false);
    const third = await room.download(reuse);
    assert.deepEqual(room.simulator.alive(), [third.reused?.id]);
    assert.equal(room.simulator.launches, 2);
    await third.settle(true);
    assert.deepEqual(room.simulator.alive(), []);
    for (const report of [first, second, third]) await report.close();
  });
});

describe('reuse_minutes is refused', () => {
  for (const line of ['api: v1', 'source: detection']) {
    it(`with ${line}`, async (t) => {
      const now = await scene(t, {}, ['reuse_minutes: 60', line]);
      const ended = await runHere(t, now.stage.directory, now.stage.toServer);
      assert.equal(ended.code, 2);
      assert.match(
        ended.output,
        new RegExp(`'reuse_minutes' lets .* with ${line} there is none.*\\[QC2045\\]`),
      );
    });
  }
});
