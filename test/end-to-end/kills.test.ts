/** A run of several templates that is killed or told to end, at points that a seed chooses. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  connector,
  type ConnectorOptions,
  type Ended,
  stageFor,
  type TestStage,
} from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

/** Two by default; each is followed by a whole run. */
const points = Number(process.env.QC_TEST_KILLS ?? 2);

const TEMPLATES = ['424242', '535353'].map((id) => ({ id, title: `Template ${id}` }));
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGTERM'] as const;

/** The same numbers each time, from 0 to less than 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

interface Scene {
  readonly stage: TestStage;
  /** Where temporary files go. */
  readonly tmp: string;
  /** Where it runs, and its outputs go. */
  readonly out: string;
}

async function scene(t: TestContext): Promise<Scene> {
  // `keep_report` would leave what is asked for; here nothing may stay.
  const stage = await stageFor(t, {
    hosts: 10,
    qualys: { templates: TEMPLATES, zip: true },
    managementCenter: { maximumSize: 4096 },
  });
  const [tmp, out] = [join(stage.directory, 'tmp'), join(stage.directory, 'out')];
  await mkdir(tmp);
  await mkdir(out);
  return { stage, tmp, out };
}

function wordsOf({ stage }: Scene, toFile: boolean): string[] {
  const destination = toFile ? [stage.plugininfo, '-csvfile=o.csv'] : stage.toServer;
  return ['424242,535353', ...destination, '-summary=s.json', '-overlap', '-level=3', '-wait=60'];
}

const optionsOf = ({ tmp }: Scene) => ({ env: { TMPDIR: tmp }, command: 'process-multiple' }) as const;

async function killed(now: Scene, toFile: boolean, meanwhile: ConnectorOptions['meanwhile']): Promise<void> {
  const options = { ...optionsOf(now), cwd: now.out, ...(meanwhile && { meanwhile }) };
  await connector(wordsOf(now, toFile), options);
}

/** In this process, whose environment is as before when it has ended. */
async function wholeRun(t: TestContext, now: Scene, toFile: boolean): Promise<Ended> {
  let ended: Ended | undefined;
  await t.test('a whole run', async (own) => {
    ended = await runHere(own, now.out, wordsOf(now, toFile), optionsOf(now));
  });
  assert.ok(ended);
  return ended;
}

/** Sends the signal a few milliseconds after so many lines of the log. */
function killAfter(lines: number, delay: number, signal: NodeJS.Signals): ConnectorOptions['meanwhile'] {
  return (child) => {
    let seen = 0;
    child.stdout?.on('data', (data: Buffer) => {
      const before = seen;
      seen += data.toString().split('\n').length - 1;
      if (before < lines && seen >= lines) void setTimeout(delay).then(() => child.kill(signal));
    });
  };
}

async function csvFiles(out: string): Promise<string> {
  const [one, other] = TEMPLATES.map(({ id }) => readFile(join(out, `${id}_o.csv`), 'utf8'));
  return `${(await one) ?? ''}${(await other) ?? ''}`;
}

for (const toFile of [true, false]) {
  const count = Math.ceil(points / 2);
  test(`${count} points: the next run leaves nothing behind, and ${toFile ? 'the files are' : 'the map is'} right`, async (t) => {
    const first = await scene(t);
    const good = await wholeRun(t, first, toFile);
    assert.equal(good.code, 0, good.output);
    const expected = toFile ? await csvFiles(first.out) : first.stage.managementCenter.networkMap;
    const lines = good.stdout.split('\n').length - 1;
    const next = random(toFile ? 1 : 2);
    let now = await scene(t);
    for (let point = 1; point <= count; point++) {
      const at = Math.floor(next() * lines);
      const delay = Math.floor(next() * 8);
      const signal = SIGNALS[Math.floor(next() * SIGNALS.length)] ?? 'SIGKILL';
      await killed(now, toFile, killAfter(at, delay, signal));
      const where = `${signal} ${delay} ms after line ${at} of ${lines}`;
      const whole = await wholeRun(t, now, toFile);
      assert.equal(whole.code, 0, `${where}: ${whole.output}`);
      assert.deepEqual(await readdir(now.tmp), [], where);
      const outputs = toFile ? ['424242_o.csv', '535353_o.csv', 's.json'] : ['s.json'];
      assert.deepEqual((await readdir(now.out)).sort(), outputs, where);
      const found = toFile ? await csvFiles(now.out) : now.stage.managementCenter.networkMap;
      assert.deepEqual(found, expected, where);
      await now.stage.close();
      now = await scene(t);
    }
  });
}
