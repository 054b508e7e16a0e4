import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { failures } from '../../src/connector-error.ts';
import { emptyConversionCounts } from '../../src/conversion/counts.ts';
import { emptyDelivery } from '../../src/destination/sink.ts';
import { type RunResult, type RunSummary, summarise, writeSummary } from '../../src/summary/run-summary.ts';
import { summaryLines } from '../../src/summary/summary-lines.ts';
import type { Transfer } from '../../src/transfer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const TemplateGoneError = failures(2)('QC3999', () => ['The template is gone.', 'Make another.']);

function transfer(template: string, change: Partial<Transfer> = {}): Transfer {
  const counts = emptyConversionCounts();
  counts.hosts.inReport = 1250;
  counts.hosts.converted = 1247;
  counts.hosts.skipped.noFindings = 2;
  counts.hosts.skipped.invalidAddress = 1;
  counts.findings.inReport = 3000;
  counts.findings.converted = 2900;
  counts.findings.leftOut.fixed = 100;
  counts.findings.withCve = 1700;
  const delivery = {
    ...emptyDelivery(),
    units: 1247,
    commands: 4147,
    findings: 2900,
    bytes: 1_048_576,
    blocks: 2,
  };
  return {
    label: `template ${template}`,
    server: undefined,
    template,
    file: undefined,
    counts,
    changes: undefined,
    concerns: [],
    superseded: [],
    delivery: { ...delivery, processed: 4147 },
    seconds: { obtain: 61.25, deliver: 2 },
    error: undefined,
    ...change,
  };
}

function result(change: Partial<RunResult> = {}): RunResult {
  return {
    started: new Date('2026-01-05T03:00:00Z'),
    finished: new Date('2026-01-05T03:01:03.5Z'),
    exitCode: 0,
    error: undefined,
    destinations: [{ name: '10.10.10.10:8307', isReady: true, transfers: [] }],
    transfers: [transfer('424242')],
    ...change,
  };
}

function textsOf(summary: RunSummary): string[] {
  return summaryLines(summary).map(({ text }) => text);
}

test('the block says what was seen, left out and why, and delivered', () => {
  assert.deepEqual(textsOf(summarise(result())), [
    'Summary of template 424242',
    '  hosts in report     1,250 (3 skipped: 2 nothing to import, 1 no valid address)',
    '  hosts converted     1,247',
    '  findings in report  3,000 (100 left out: 100 fixed)',
    '  findings converted  2,900',
    '  findings with CVE   1,700',
    '  hosts delivered     1,247',
    '  findings delivered  2,900',
    '  commands delivered  4,147, 4,147 processed by the server',
    '  bytes delivered     1,048,576 in 2 blocks',
    '  seconds             obtain 61.3, deliver 2.0',
  ]);
});

test('rare counts are shown only when there is something to count', () => {
  const odd = transfer('1');
  if (!odd.counts) return;
  odd.counts.invalidBytes = 3;
  odd.counts.charactersDropped = 4;
  odd.counts.qidsWithoutGlossary = 5;
  odd.counts.hosts.repeated = 6;
  const lines = textsOf(summarise(result({ transfers: [odd] }))).join('\n');
  for (const line of [/repeated +6/, /without glossary +5/, /dropped +4/, /invalid bytes +3/]) {
    assert.match(lines, line);
  }
});

test('several templates end in a table of what became of each', () => {
  const failed = transfer('535353', {
    error: new TemplateGoneError(),
    delivery: emptyDelivery(),
    seconds: {},
  });
  const waiting = transfer('646464', { delivery: emptyDelivery(), seconds: {} });
  const lines = textsOf(summarise(result({ transfers: [transfer('424242'), failed, waiting] })));
  assert.deepEqual(lines.slice(-4), [
    'Templates',
    '  template 424242  done, 1,247 hosts, 2,900 findings',
    '  template 535353  failed, 0 hosts, 0 findings [QC3999]',
    '  template 646464  not started, 0 hosts, 0 findings',
  ]);
});

test('what heads a block has its numbers as numbers', () => {
  const [heading, ...rows] = summaryLines(summarise(result()));
  assert.equal(heading?.text, 'Summary of template 424242');
  const { fields = {} } = heading;
  assert.deepEqual(
    [
      fields.input,
      fields.template,
      fields.outcome,
      fields['counts.hosts.inReport'],
      fields['delivery.commands'],
    ],
    ['template 424242', '424242', 'done', 1250, 4147],
  );
  assert.equal(fields['counts.findings.leftOut.fixed'], 100);
  assert.equal(fields['seconds.obtain'], 61.25);
  assert.ok(rows.every((row) => row.fields === undefined && row.level === 'info'));
});

test('in the table each template has the level of what became of it', () => {
  const error = new TemplateGoneError();
  const delivery = { ...emptyDelivery(), complaints: 2 };
  const transfers = [
    transfer('1'),
    transfer('2', { error }),
    transfer('3', { delivery }),
    transfer('4', { seconds: {} }),
  ];
  assert.deepEqual(
    summaryLines(summarise(result({ transfers })))
      .slice(-4)
      .map(({ level, fields }) => [level, fields?.template, fields?.outcome, fields?.code]),
    [
      ['info', '1', 'done', undefined],
      ['error', '2', 'failed', 'QC3999'],
      ['warning', '3', 'complaints', undefined],
      ['warning', '4', 'not started', undefined],
    ],
  );
});

test('the JSON form has the error, the counts and the seconds, and appears whole', async (t) => {
  const file = join(await temporaryDirectory(t), 'summary.json');
  const error = new TemplateGoneError();
  await writeSummary(file, summarise(result({ exitCode: 2, error, transfers: [transfer('7', { error })] })));
  const summary = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  assert.equal(summary.format, 1);
  assert.equal(summary.exitCode, 2);
  assert.equal(summary.seconds, 63.5);
  assert.deepEqual(summary.error, {
    code: 'QC3999',
    message: 'The template is gone. Make another. [QC3999]',
  });
  const [input] = summary.inputs as Record<string, unknown>[];
  assert.equal(input?.outcome, 'failed');
  assert.deepEqual(input.seconds, { obtain: 61.25, deliver: 2 });
});
