import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SimulatedVersions } from '../../src/simulators/qualys/versions.ts';
import { stageFor } from '../support/connector.ts';
import { openRoom, type QualysRoom } from '../support/qualys-room.ts';
import { runHere } from '../support/run-here.ts';

/** A run of the command into a CSV file, against a Qualys that serves these versions of its report API. */
async function runAgainst(t: TestContext, versions: SimulatedVersions, yaml: readonly string[] = []) {
  const stage = await stageFor(t, { hosts: 3, qualys: { versions }, yaml });
  const ended = await runHere(t, stage.directory, [stage.plugininfo, '-csvfile=Output.csv', '-level=1']);
  assert.deepEqual(stage.qualys.alive(), []);
  const asked = stage.qualys.transcript.map(({ url }) => /^\/api\/([\d.]+)\/fo\/report\/$/.exec(url)?.[1]);
  return { ...ended, asked, launches: stage.qualys.launches };
}

function saidOf(version: string): RegExp {
  return new RegExp(
    `\\[WARN.*version ${version} answers and is used\\. "api_version: ${version}" in the YAML`,
    'g',
  );
}

const WAYS = ['page 404', 'page 410', 'document'] as const;

for (const gone of WAYS) {
  describe(`a Qualys whose other versions are gone (${gone})`, () => {
    it('is spoken to in 3.0 where it serves that, without a word', async (t) => {
      const ended = await runAgainst(t, { served: ['3.0'], gone });
      assert.equal(ended.code, 0, ended.stdout);
      assert.equal(ended.launches, 1);
      assert.deepEqual(new Set(ended.asked), new Set(['3.0']));
      assert.doesNotMatch(ended.stdout, /WARN/);
    });

    for (const [served, tried] of [
      ['2.0', ['3.0', '4.0', '5.0', '6.0']],
      ['4.0', ['3.0']],
    ] as const) {
      it(`is spoken to in ${served} where it serves only that, told once`, async (t) => {
        const ended = await runAgainst(t, { served: [served], gone });
        assert.equal(ended.code, 0, ended.stdout);
        assert.equal(ended.launches, 1);
        assert.deepEqual(ended.asked.slice(0, tried.length), tried);
        assert.deepEqual(new Set(ended.asked.slice(tried.length)), new Set([served]));
        assert.equal(ended.stdout.match(saidOf(served))?.length, 1, ended.stdout);
      });
    }

    it('ends the run with the versions tried where it serves none', async (t) => {
      const ended = await runAgainst(t, { served: [], gone });
      assert.equal(ended.code, 2, ended.stdout);
      assert.equal(ended.launches, 0);
      assert.deepEqual(ended.asked, ['3.0', '4.0', '5.0', '6.0', '2.0']);
      assert.match(
        ended.stdout,
        /not serve any of the versions 3\.0, 4\.0, 5\.0, 6\.0, 2\.0 of its report API.*API Version History.*\[QC3029\]/,
      );
    });
  });
}

describe('a version of the report API', () => {
  it('that the YAML names is not left', async (t) => {
    const ended = await runAgainst(t, { served: ['3.0'], gone: 'page 404' }, ['api_version: 4.0']);
    assert.equal(ended.code, 2);
    assert.deepEqual(ended.asked, ['4.0']);
    assert.match(
      ended.stdout,
      /does not serve the version 4\.0 .*"api_version: auto" in the YAML.*\[QC3029\]/,
    );
  });

  it('that 2.0.0 wrote into the YAML is spoken first, and left with a warning when it is gone', async (t) => {
    const ended = await runAgainst(t, { served: ['3.0'], gone: 'page 404' }, ['api_version: 2.0']);
    assert.equal(ended.code, 0, ended.stdout);
    assert.deepEqual(ended.asked.slice(0, 2), ['2.0', '3.0']);
    assert.equal(ended.launches, 1);
    assert.equal(ended.stdout.match(saidOf('3.0'))?.length, 1, ended.stdout);
  });

  it('that the YAML names is spoken without a word', async (t) => {
    const ended = await runAgainst(t, { served: ['2.0'], gone: 'empty 404' }, ['api_version: 2.0']);
    assert.equal(ended.code, 0, ended.stdout);
    assert.doesNotMatch(ended.stdout, /WARN/);
  });

  it('that has answered is kept for the next report', async (t) => {
    const room = await openRoom(t, { versions: { served: ['2.0'], gone: 'page 405' } });
    await room.download();
    await room.download();
    assert.equal(room.simulator.launches, 2);
    assert.equal(versionsAsked(room).filter((version) => version !== '2.0').length, 4);
    assert.equal(room.log.messages('warning').length, 1);
  });

  it('is not left after a launch without an answer, which is looked for first', async (t) => {
    const faults = [{ at: 'launch', kind: 'reset', times: 1, done: true }] as const;
    const room = await openRoom(t, { faults });
    await room.download();
    assert.equal(room.simulator.launches, 1);
    assert.deepEqual(room.simulator.alive(), []);
  });

  for (const at of ['list', 'fetch', 'delete'] as const) {
    it(`that ends after the launch, seen at ${at}, is followed by another one for the same report`, async (t) => {
      const room = await openRoom(t, { faults: [{ at, kind: 'page 410', times: 1 }] });
      await room.download();
      assert.equal(room.simulator.launches, 1);
      assert.deepEqual(room.simulator.alive(), []);
      assert.ok(versionsAsked(room).includes('4.0'));
    });
  }

  it('that Qualys ends for good after the launch ends the run, and the report is named', async (t) => {
    const kind = 'page 410';
    const faults = (['list', 'cancel', 'delete'] as const).map(
      (at) => ({ at, kind, times: Infinity }) as const,
    );
    const room = await openRoom(t, { faults });
    await assert.rejects(room.download(), /any of the versions .*\[QC3029\]/);
    assert.equal(room.simulator.launches, 1);
    assert.match(room.log.messages('warning').at(-1) ?? '', /report 4888001 could not be deleted/);
  });

  it('that is guessed and refused otherwise does not end the search', async (t) => {
    for (const kind of ['page 403', 'redirect'] as const) {
      const faults = [
        { at: 'launch', kind: 'page 410', times: 1 },
        { at: 'launch', kind, times: 3 },
      ] as const;
      const room = await openRoom(t, { faults });
      await room.download();
      assert.equal(room.simulator.launches, 1);
      assert.ok(versionsAsked(room).includes('2.0'), kind);
    }
  });

  it('is no matter of a fault that says something else, whatever its status', async (t) => {
    const wrong = await openRoom(t, {
      faults: [{ at: 'launch', kind: 'simple 1905 with 404', times: Infinity }],
    });
    await assert.rejects(wrong.download(), /QC3025/);
    assert.equal(wrong.simulator.transcript.filter(({ endpoint }) => endpoint === 'launch').length, 1);
  });

  it('is no matter of a page with HTTP 200, nor of a parameter that speaks of versions', async (t) => {
    const page = await openRoom(t, { faults: [{ at: 'launch', kind: 'page 200', times: Infinity }] });
    await assert.rejects(page.download(), /QC3007/);
    const words = 'parameter template_id has invalid value: version 2';
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'simple 1905', words, times: 1 }] });
    await assert.rejects(room.download(), /QC3025/);
    for (const { simulator } of [page, room]) {
      assert.ok(simulator.transcript.every(({ url }) => !url.startsWith('/api/4')));
    }
  });
});

function versionsAsked({ simulator }: QualysRoom): string[] {
  return simulator.transcript.flatMap(({ url }) => /^\/api\/([\d.]+)\//.exec(url)?.slice(1) ?? []);
}
