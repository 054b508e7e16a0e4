import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PlannedFault } from '../../../src/simulators/qualys/qualys-simulator.ts';
import { SAMPLE_VULNERABILITIES } from '../../../src/simulators/sample-vulnerabilities.ts';
import { type DetectionRoom, letTimePass, openDetectionRoom } from '../../support/detections.ts';
import { PASSWORD, USER } from '../../support/qualys-room.ts';

const PASSING: readonly PlannedFault['kind'][] = [
  'reset',
  'empty',
  'page 200',
  'page 502',
  'garbled',
  'simple 999',
  'simple 1960',
  'simple 1965',
  'http 429',
  'simple 1981',
  'cut by close',
  'cut by end',
];

function cacheOf({ cache }: DetectionRoom): string {
  const [name = '', ...more] = readdirSync(cache);
  assert.deepEqual(more, []);
  return join(cache, name);
}

function idsAsked(room: DetectionRoom): number[][] {
  return room.asked('knowledge_base').map((form) => (form.get('ids') ?? '').split(',').map(Number));
}

describe('the KnowledgeBase', () => {
  it('is asked for the QIDs that were seen, each once, and for none of them by the next run', async (t) => {
    const room = await openDetectionRoom(t);
    const first = await room.read();
    const [ids = [], ...more] = idsAsked(room);
    assert.deepEqual(more, []);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(first.detection.knowledgeBase.fetched, ids.length);
    const second = await room.read();
    assert.deepEqual(second.lines, first.lines);
    assert.equal(idsAsked(room).length, 1);
    assert.deepEqual(second.detection.knowledgeBase, {
      calls: 0,
      fetched: 0,
      cached: ids.length,
      missing: 0,
    });
  });

  it('is asked again for what is older than kb_max_age_days', async (t) => {
    const room = await openDetectionRoom(t);
    await room.read({ kbMaxAgeDays: 2 });
    room.clock.jump(47 * 3_600_000);
    await room.read({ kbMaxAgeDays: 2 });
    assert.equal(idsAsked(room).length, 1);
    room.clock.jump(2 * 3_600_000);
    await room.read({ kbMaxAgeDays: 2 });
    assert.equal(idsAsked(room).length, 2);
    await room.read({ kbMaxAgeDays: 0 });
    assert.equal(idsAsked(room).length, 3);
  });

  it('may not know a QID, which is sent under its number, counted, and asked for again after a day', async (t) => {
    const unknown = SAMPLE_VULNERABILITIES.filter(({ type }) => type === 'Vuln').map(({ qid }) => qid);
    const room = await openDetectionRoom(t, {}, { knowledgeBase: { unknown } });
    const { lines, counts, detection } = await room.read();
    assert.ok(detection.knowledgeBase.missing > 0);
    assert.equal(counts.qidsWithoutGlossary, detection.knowledgeBase.missing);
    assert.ok(lines.some((line) => /^AddScanResult,.*"QID \d+"/.test(line)));
    assert.match(room.log.messages('warning').join(), /Qualys' KnowledgeBase lacks \d+ of its QIDs/);
    const again = await room.read();
    assert.deepEqual(again.detection.knowledgeBase.missing, detection.knowledgeBase.missing);
    assert.equal(idsAsked(room).length, 1);
    room.clock.jump(25 * 3_600_000);
    await room.read();
    assert.deepEqual(idsAsked(room)[1]?.length, detection.knowledgeBase.missing);
  });

  it('may refuse a QID, which is found by halves, left out, told and counted', async (t) => {
    const plain = await (await openDetectionRoom(t)).read();
    const first = await openDetectionRoom(t);
    await first.read();
    const [ids = []] = idsAsked(first);
    const [qid = 0] = ids.slice(5);
    const room = await openDetectionRoom(t, {}, { knowledgeBase: { refused: [qid] } });
    const { lines, detection } = await room.read();
    assert.equal(detection.knowledgeBase.missing, 1);
    assert.equal(detection.knowledgeBase.fetched, ids.length - 1);
    assert.deepEqual(
      lines.map((line) => line.replace(new RegExp(`,${qid},.*`), '')),
      plain.lines.map((line) => line.replace(new RegExp(`,${qid},.*`), '')),
    );
    assert.match(room.log.messages('warning').join(), new RegExp(`refuses QID ${qid}`));
    assert.deepEqual(room.clock.sleeps, []);
    assert.ok(detection.knowledgeBase.calls < 20, `${detection.knowledgeBase.calls}`);
  });

  it('that refuses one QID after the other ends the run', async (t) => {
    const refused = SAMPLE_VULNERABILITIES.map(({ qid }) => qid);
    const room = await openDetectionRoom(t, {}, { knowledgeBase: { refused } });
    await assert.rejects(room.read(), /1905.*\[QC3232\]/);
    assert.ok(idsAsked(room).length < 100);
  });

  it('that knows none of many QIDs ends the run, of a few it is believed', async (t) => {
    const pageOf = (qids: number): string => {
      const found = Array.from(
        { length: qids },
        (_, index) => `<DETECTION><QID>${900_000 + index}</QID><TYPE>Confirmed</TYPE></DETECTION>`,
      );
      return `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><HOST_LIST><HOST><ID>7</ID><IP>192.0.2.1</IP><DETECTION_LIST>${found.join('')}</DETECTION_LIST></HOST></HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
    };
    const few = await openDetectionRoom(t, { document: pageOf(49) });
    assert.equal((await few.read()).detection.knowledgeBase.missing, 49);
    const many = await openDetectionRoom(t, { document: pageOf(50) });
    await assert.rejects(many.read(), /knows none of the 50 QIDs.*\[QC3216\]/);
    // Nor is that remembered.
    assert.deepEqual(readdirSync(many.cache), []);
  });

  it('is asked again after whatever passes', async (t) => {
    const plain = await (await openDetectionRoom(t)).read();
    for (const kind of PASSING) {
      const faults = [{ at: 'knowledge-base', kind, times: 1 }] as const;
      const read = await (await openDetectionRoom(t, {}, { faults })).read();
      assert.deepEqual(read.lines, plain.lines, kind);
      assert.equal(read.detection.knowledgeBase.calls, 2, kind);
    }
  });

  it('is asked for less at once while it is late', async (t) => {
    const plain = await (await openDetectionRoom(t)).read();
    const faults = [{ at: 'knowledge-base', kind: 'silent', times: Infinity, above: 10 }] as const;
    const room = await openDetectionRoom(t, {}, { faults });
    letTimePass(room);
    const read = await room.read({ reportTimeout: 86_400 });
    assert.deepEqual(read.lines, plain.lines);
    const answered = idsAsked(room).filter(({ length }) => length <= 10);
    assert.equal(new Set(answered.flat()).size, read.detection.knowledgeBase.fetched);
  });

  it('that never gives a QID ends the run by that', async (t) => {
    for (const kind of ['silent', 'cut by end'] as const) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'knowledge-base', kind, times: Infinity }] },
      );
      letTimePass(room);
      await assert.rejects(room.read({ reportTimeout: 604_800 }), /does not give QID \d+.*\[QC3234\]/);
    }
  });

  it('that the account may not use ends the run, and says whom to ask', async (t) => {
    for (const kind of ['simple 2012', 'page 403'] as const) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'knowledge-base', kind, times: Infinity }] },
      );
      await assert.rejects(room.read(), (error: Error & { exitCode?: number }) => {
        assert.match(error.message, /may not use the KnowledgeBase API.*Ask Qualys Support.*\[QC3231\]/);
        assert.equal(error.exitCode, 2);
        return true;
      });
      assert.equal(idsAsked(room).length, 1);
    }
  });

  it('is found in another version', async (t) => {
    const room = await openDetectionRoom(
      t,
      {},
      { knowledgeBase: { versions: { served: ['5.0'], gone: 'page 404' } } },
    );
    await room.read();
    assert.match(
      room.log.messages('warning').join(),
      /version 5\.0 answers and is used. "kb_api_version: 5\.0"/,
    );
  });
});

describe('the cache of the KnowledgeBase', () => {
  it('is for its owner alone, and holds no name or secret of the account', async (t) => {
    const room = await openDetectionRoom(t);
    await room.read();
    const path = cacheOf(room);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const text = readFileSync(path, 'utf8') + path;
    for (const secret of [USER, PASSWORD, encodeURIComponent(PASSWORD)]) assert.ok(!text.includes(secret));
  });

  it('is read as empty when it is damaged in any way, with a warning, and written anew', async (t) => {
    const room = await openDetectionRoom(t);
    const plain = await room.read();
    const path = cacheOf(room);
    const whole = readFileSync(path, 'utf8');
    const lines = whole.split('\n');
    const damaged: Readonly<Record<string, string>> = {
      empty: '',
      'cut in a line': whole.slice(0, -100),
      'cut after a line': `${lines.slice(0, 5).join('\n')}\n`,
      'without its first line': lines.slice(1).join('\n'),
      'one letter changed': whole.replace('CVE-', 'CVE_'),
      'a line twice': [...lines.slice(0, 3), ...lines.slice(2)].join('\n'),
      'more behind it': `${whole}{}\n`,
      'another kind': '{"format":"something","version":1}\n',
      'no JSON': whole.replace(lines[2] ?? '', 'null'),
      binary: '\u0000\u0001\n\n',
    };
    for (const [how, text] of Object.entries(damaged)) {
      writeFileSync(path, text);
      const before = room.log.messages('warning').length;
      const read = await room.read();
      assert.deepEqual(read.lines, plain.lines, how);
      assert.equal(read.detection.knowledgeBase.cached, 0, how);
      assert.match(room.log.messages('warning').slice(before).join(), /cache .* is not used: /, how);
      assert.equal((await room.read()).detection.knowledgeBase.calls, 0, how);
    }
  });

  it('is not waited for where a pipe stands in its place', async (t) => {
    const room = await openDetectionRoom(t);
    const plain = await room.read();
    const path = cacheOf(room);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    assert.deepEqual((await room.read()).lines, plain.lines);
    assert.match(room.log.messages('warning').join(), /cannot be written: what is there is no file/);
  });

  it('that cannot be written is only told', async (t) => {
    const room = await openDetectionRoom(t);
    const file = join(room.cache, 'file');
    writeFileSync(file, '');
    const { detection } = await room.read({ kbCache: join(file, 'cache') });
    assert.ok(detection.knowledgeBase.fetched > 0);
    assert.match(room.log.messages('warning').join(), /cache .* cannot be written: /);
    chmodSync(file, 0o600);
  });

  it('is whole whatever runs write it at the same time', async (t) => {
    const room = await openDetectionRoom(t);
    const reads = await Promise.all(Array.from({ length: 6 }, () => room.read()));
    assert.equal(new Set(reads.map(({ lines }) => lines.join('\n'))).size, 1);
    assert.equal((await room.read()).detection.knowledgeBase.calls, 0);
    assert.equal(readdirSync(room.cache).length, 1);
  });

  it('keeps what another run has put there', async (t) => {
    const room = await openDetectionRoom(t);
    await room.read({ findingTypes: new Set(['ig']) });
    await room.read();
    await room.read({ findingTypes: new Set(['vuln', 'practice', 'ig']) });
    assert.equal(idsAsked(room).length, 2);
  });
});
