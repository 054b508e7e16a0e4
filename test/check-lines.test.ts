import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines, takesColour, textLines } from '../src/check-lines.ts';
import { failures } from '../src/connector-error.ts';

const GOOD = { name: 'configuration', ok: true, detail: 'template 1' };
const BAD = { name: 'Report API (v2)', ok: false, detail: 'one\ntwo\u001b[2J' };

const LostError = failures(1)('QC9999', () => ['It is lost.', 'Find it.']);

test('people get a line for each step, and how many of them failed', () => {
  const lines = textLines(false);
  assert.equal(lines.step(GOOD), 'ok      configuration                 template 1\n');
  assert.equal(lines.step(BAD), 'FAILED  Report API (v2)               one\ntwo\\x1b[2J\n');
  // Its columns stay, whichever Management Center it is about.
  assert.equal(
    lines.step({ ...GOOD, server: '192.0.2.1:8307' }),
    'ok      configuration                 192.0.2.1:8307: template 1\n',
  );
  assert.equal(
    lines.step({ ...GOOD, server: '192.0.2.1:8307', detail: '192.0.2.1:8307 answers' }),
    'ok      configuration                 192.0.2.1:8307 answers\n',
  );
  assert.equal(lines.end([GOOD, BAD, GOOD]), '1 of 3 failed\n');
  assert.equal(lines.end([GOOD]), 'ready\n');
  assert.equal(lines.failure(new LostError()), 'It is lost. Find it. [QC9999]\n');
});

test('colours are for a terminal that takes them, unless NO_COLOR says no', () => {
  assert.ok(textLines(true).step(GOOD).startsWith('\u001b[32mok    \u001b[39m  configuration'));
  assert.ok(textLines(true).step(BAD).startsWith('\u001b[31mFAILED\u001b[39m  Report'));
  assert.ok(takesColour({ isTTY: true }, { NO_COLOR: '' }));
  assert.ok(!takesColour({}, {}));
  assert.ok(!takesColour({ isTTY: true }, { NO_COLOR: '1' }));
  assert.ok(!takesColour({ isTTY: true }, { TERM: 'dumb' }));
});

test('programs get records like those of the log', () => {
  const lines = jsonLines(() => new Date(0));
  const about = { time: '1970-01-01T00:00:00.000Z', pid: process.pid };
  const records = [lines.step(GOOD), lines.step(BAD), lines.failure(new LostError()), lines.end([GOOD, BAD])];
  assert.deepEqual(
    records.map((line) => JSON.parse(line) as unknown),
    [
      { ...about, level: 'info', event: 'test.step', step: 'configuration', ok: true, msg: 'template 1' },
      { ...about, level: 'error', event: 'test.step', step: 'Report API (v2)', ok: false, msg: BAD.detail },
      { ...about, level: 'error', event: 'run.failed', code: 'QC9999', msg: 'It is lost. Find it. [QC9999]' },
      { ...about, level: 'error', event: 'test.complete', steps: 2, failed: 1, msg: '1 of 2 failed' },
    ],
  );
  assert.ok(records.every((line) => /^[^\p{Cc}]+\n$/u.test(line)));
});
