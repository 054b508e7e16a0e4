/** The sentences on top of the page: what is wrong comes first, and each source and server is told of by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transfersOf } from '../../src/page/transfers.ts';
import { type Verdict, verdictOf } from '../../src/page/verdict.ts';
import type { InputSummary, RunSummary } from '../../src/summary/run-summary.ts';
import { textOf } from '../support/text-of-page.ts';
import { emptyDelivery } from '../../src/destination/sink.ts';

function input(label: string, units: number, more: Partial<InputSummary> = {}): InputSummary {
  return {
    label,
    template: null,
    file: null,
    outcome: 'done',
    error: null,
    counts: null,
    changes: null,
    delivery: { ...emptyDelivery(), units, findings: units * 10 },
    seconds: {},
    ...more,
  };
}

function run(inputs: readonly InputSummary[], more: Partial<RunSummary> = {}): RunSummary {
  return {
    format: 1,
    program: { name: 'qualys-connector', version: '0' },
    started: '2026-01-15T06:00:00Z',
    finished: '2026-01-15T06:00:00Z',
    seconds: 1,
    exitCode: 0,
    error: null,
    destination: 'fmc:8307',
    inputs,
    ...more,
  };
}

function told(...words: Parameters<typeof run>): string {
  return said(verdictOf(run(...words)));
}

function said({ headline, text }: Verdict): string {
  return textOf(`${headline.text} | ${text.text}`)
    .replace(/ ([,.:])/g, '$1')
    .trim();
}

const unchanged = { new: 0, changed: 1, unchanged: 7, gone: 0 };
const changes = { full: null, hosts: unchanged } as InputSummary['changes'];
const failed = { outcome: 'failed', error: { code: 'QC5507', message: 'It broke. [QC5507]' } } as const;

test('one source: the headline names it and the server', () => {
  assert.equal(
    told([input('template 1', 2)]),
    'All of template 1 was delivered to fmc:8307 and acknowledged | ' +
      '2 hosts with 20 findings from template 1 were delivered to fmc:8307, which acknowledged all of it. The run took 1.0 s.',
  );
});

test('several sources: each is told by itself, and none is said to hold what another one has', () => {
  const text = told([input('template 1', 2), input('template 2', 0, { changes }), input('template 3', 1)]);
  assert.equal(
    text,
    'All that changed of 3 sources was delivered to fmc:8307 and acknowledged | fmc:8307 has acknowledged all: ' +
      'template 1: 2 hosts with 20 findings. template 2: nothing, 7 hosts are as before. template 3: 1 host with 10 findings. The run took 1.0 s.',
  );
});

test('what failed is told first, by its name, and what is in after it', () => {
  const text = told([input('template 1', 2), input('template 2', 1, failed)], { exitCode: 1 });
  assert.match(text, /^Not everything of template 2 was delivered to fmc:8307 \| fmc:8307 lacks something: /);
  assert.match(
    text,
    /template 2: 1 host is acknowledged by fmc:8307\. It broke\. \[QC5507\] template 1: 2 hosts with 20/,
  );
});

test('a run that ended before its configuration was read names no source', () => {
  const error = { code: 'QC2001', message: 'No file. [QC2001]' };
  assert.equal(
    told([], { exitCode: 1, error, destination: null }),
    'Nothing was delivered | No file. [QC2001] The run took 1.0 s.',
  );
});

test('CSV files: each with its source, and nothing of a server', () => {
  const text = told([input('template 1', 2, { file: '1.csv' }), input('template 2', 1, { file: '2.csv' })]);
  assert.match(
    text,
    /^All of 2 sources was written to 2 files \| template 1: 2 hosts with 20 findings in 1\.csv\. template 2: 1 host/,
  );
});

test('several Management Centers: each is told by itself, the one that lacks something first', () => {
  const summary = run([input('template 1', 5)], { exitCode: 1 });
  const [transfer = assert.fail('none')] = transfersOf(summary);
  const lacking = {
    place: 'b:8307',
    outcome: 'failed',
    hosts: 2,
    ofHosts: 5,
    error: 'Gone. [QC5103]',
  } as const;
  const { headline, text } = verdictOf(summary, [
    { ...transfer, place: 'a:8307' },
    { ...transfer, ...lacking },
    { ...transfer, place: 'c:8307' },
  ]);
  assert.equal(
    said({ state: 'failed', headline, text }),
    'Not everything of template 1 was delivered to b:8307 | b:8307 lacks something: template 1: 2 of 5 hosts are ' +
      'acknowledged by b:8307. Gone. [QC5103] a:8307 has acknowledged all: template 1: 5 hosts with 50 findings. ' +
      'c:8307 has acknowledged all: template 1: 5 hosts with 50 findings. The run took 1.0 s.',
  );
});
