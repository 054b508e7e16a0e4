import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandPart, CommandStream, UnitPart } from '../../src/host-input/command-stream.ts';
import { Look } from '../../src/page/look.ts';
import { pageOf } from '../../src/page/page.ts';
import { summarise } from '../../src/summary/run-summary.ts';
import { newTransfer } from '../../src/transfer.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { dataOf, textOf } from '../support/text-of-page.ts';

function unit(address: string, severities: readonly number[], more: Partial<UnitPart> = {}): CommandPart {
  return {
    kind: 'unit',
    address,
    text: '',
    commands: 0,
    findings: severities.length,
    ends: true,
    host: { name: `host-${address}`, operatingSystem: 'Linux' },
    details: severities.map((severity, index) => ({
      qid: 100 + severity,
      port: index,
      protocol: '',
      type: 'vuln',
      severity,
      title: `Vulnerability of severity ${severity}`,
      hasCve: severity > 3,
    })),
    ...more,
  };
}

async function* streamOf(parts: Iterable<CommandPart>): CommandStream {
  for (const part of parts) yield await Promise.resolve([part]);
}

async function looked(parts: Iterable<CommandPart>): Promise<Look> {
  const look = new Look();
  for await (const seen of look.at(streamOf(parts), 0)) assert.ok(seen);
  return look;
}

function pageFor(look: Look): string {
  const transfer = newTransfer({ label: 'template 1', template: undefined, open: () => assert.fail() });
  const now = new Date();
  const run = {
    started: now,
    finished: now,
    exitCode: 0,
    error: undefined,
    destinations: [{ name: 'fmc:8307', isReady: true, transfers: [transfer] }],
  } as const;
  return pageOf(summarise({ ...run, transfers: [transfer] }), look, 'export {};');
}

test('a vulnerability is shown with its first CVE ids, and how many there are besides', async () => {
  const lineEnd =
    ',"Title","","cve_ids: CVE-2026-0001 CVE-2026-0002 CVE-2026-0003 CVE-2026-0004","bugtraq_ids:"\n';
  const detail = {
    qid: 7,
    port: 0,
    protocol: '',
    type: 'vuln',
    severity: 5,
    title: 'T',
    hasCve: true,
  } as const;
  const page = pageFor(await looked([unit('192.0.2.1', [], { details: [{ ...detail, lineEnd }] })]));
  assert.match(textOf(page), /QID 7 · confirmed · CVE-2026-0001, CVE-2026-0002, CVE-2026-0003 and 1 more/);
});

test('of a file of commands it says what is known', async (t) => {
  const directory = await temporaryDirectory(t);
  const lines = [
    'SetSource,QualysGuard Scan Report',
    'AddScanResult,192.0.2.1,"QualysGuard",7,,,"<b>","","",""',
    'ScanFlush',
    '',
  ];
  await writeFile(join(directory, 'in.csv'), lines.join('\n'));
  const words = ['-plugininfo=in.csv', '-csvfile=o.csv', '-page=p.html', 'csv'];
  const ended = await runHere(t, directory, words);
  assert.equal(ended.code, 0, ended.output);
  const page = await readFile(join(directory, 'p.html'), 'utf8');
  assert.match(textOf(page), /counted, not weighed/);
  assert.deepEqual(dataOf(page).rows, [['192.0.2.1', '', 0, 0, 1]]);
});

test('only its own script and style may run: their hashes stand in its policy', async () => {
  const page = pageFor(await looked([unit('192.0.2.1', [5])]));
  for (const [kind, pattern] of [
    ['script', /<script type="module">([^]*?)<\/script>/],
    ['style', /<style>([^]*?)<\/style>/],
  ] as const) {
    const hash = createHash('sha256')
      .update(pattern.exec(page)?.[1] ?? '')
      .digest('base64');
    assert.ok(page.includes(`${kind}-src &#39;sha256-${hash}&#39;`), kind);
  }
  assert.doesNotMatch(page, / style=| on[a-z]+=|unsafe-inline|https?:\/\//);
});

test('the worst 10,000 hosts of many are there, the worst first, in less than a megabyte', async () => {
  const hosts = Array.from({ length: 12_000 }, (_, index) =>
    unit(
      `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      Array.from({ length: 1 + (index % 40) }, (_none, n) => 1 + ((index + n) % 5)),
      {
        host: {
          name: `server-${index}.department.example.com`,
          operatingSystem: `System ${index % 300}`,
        },
      },
    ),
  );
  const page = pageFor(await looked(hosts));
  assert.ok(Buffer.byteLength(page) < 1_000_000, String(Buffer.byteLength(page)));
  const { rows } = dataOf(page);
  assert.equal(rows.length, 10_000);
  assert.match(textOf(page), /The worst 10,000 of 12,000 hosts/);
  const gravest = hosts.map((part) =>
    part.kind === 'unit' ? (part.details ?? []).filter(({ severity }) => severity === 5).length : 0,
  );
  const expected = gravest.toSorted((a, b) => b - a).slice(0, 10_000);
  assert.deepEqual(
    rows.map((row) => row[5] ?? 0),
    expected,
  );
});

test('names beyond measure leave milder hosts out, and not the megabyte', async () => {
  const hosts = Array.from({ length: 5_000 }, (_, index) =>
    unit(`2001:db8::${index.toString(16)}`, [5, 4, 3, 2, 1], {
      host: { name: `${index}${'名'.repeat(200)}`, operatingSystem: `${index}${'系'.repeat(200)}` },
    }),
  );
  const page = pageFor(await looked(hosts));
  assert.ok(Buffer.byteLength(page) < 1_000_000, String(Buffer.byteLength(page)));
  assert.ok(dataOf(page).rows.length > 1000);
  assert.match(textOf(page), /The worst [\d,]+ of 5,000 hosts/);
});

test('an address that comes again is one host, with what all of its units say', async () => {
  const look = await looked([unit('192.0.2.1', [5]), unit('192.0.2.2', [4]), unit('192.0.2.1', [5, 3])]);
  const page = pageFor(look);
  assert.deepEqual(dataOf(page).rows, [
    ['192.0.2.1', 'host-192.0.2.1', 0, 0, 3, 2, 0, 1],
    ['192.0.2.2', 'host-192.0.2.2', 0, 0, 1, 0, 1],
  ]);
});

test('what goes to several Management Centers is looked at once, and again where it broke off', async () => {
  const look = new Look();
  const parts = [unit('192.0.2.1', [5]), unit('192.0.2.2', [4])];
  async function* broken(): CommandStream {
    yield await Promise.resolve(parts.slice(0, 1));
    throw new Error('lost');
  }
  await assert.rejects(async () => {
    for await (const seen of look.at(broken(), 0)) assert.ok(seen);
  }, /lost/);
  for (let server = 0; server < 2; server++) {
    const passed: unknown[] = [];
    for await (const seen of look.at(streamOf(parts), 0)) passed.push(...seen);
    assert.deepEqual(passed, parts);
  }
  assert.deepEqual(
    dataOf(pageFor(look)).rows.map(([address, , , , findings]) => [address, findings]),
    [
      ['192.0.2.1', 1],
      ['192.0.2.2', 1],
    ],
  );
  assert.equal(look.of(0)?.findings, 2);
});

test('a unit in several parts is one host, and a stream that breaks off is told', async () => {
  const look = new Look();
  async function* broken(): CommandStream {
    yield await Promise.resolve([unit('192.0.2.1', [5], { ends: false }), unit('192.0.2.1', [4])]);
    throw new Error('lost');
  }
  await assert.rejects(async () => {
    for await (const seen of look.at(broken(), 0)) assert.ok(seen);
  }, /lost/);
  const page = pageFor(look);
  assert.deepEqual(dataOf(page).rows, [['192.0.2.1', 'host-192.0.2.1', 0, 0, 2, 1, 1]]);
  assert.match(textOf(page), /counts the 1 host that had been read when the run ended/);
});
