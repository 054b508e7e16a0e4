import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { csv } from '../../InputPlugins/csv.ts';
import type { ConnectorError } from '../../src/connector-error.ts';
import {
  CommandFileChangedError,
  CommandFileRefusedError,
  CommandFileUnreadableError,
  InputFilenameRequiredError,
  NotARegularFileError,
} from '../../src/host-input/errors.ts';
import { bytesOf, type CommandPart } from '../../src/host-input/command-stream.ts';
import { blocksOf } from '../../src/management-center/session/shipment.ts';
import { collectShipments } from '../../src/management-center/session/shipments.ts';
import type { InputContext, OpenInput, PreparedInput, PluginOptions } from '../../src/input-plugin.ts';
import { csvFileSink } from '../../src/destination/csv-file.ts';
import { emptyDelivery } from '../../src/destination/sink.ts';
import { noProgress } from '../../src/progress.ts';
import { deliver } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { recordingLog } from '../support/recording-log.ts';
import { startSimulator } from '../support/management-center.ts';
import { numbers, source, textOf, unit } from '../support/units.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let folder = '';
let path = '';
beforeEach(async (t) => {
  assert.ok('after' in t);
  folder = await temporaryDirectory(t);
  path = join(folder, 'commands.csv');
});

const log = recordingLog();
const context: InputContext = {
  log,
  progress: noProgress,
  signal: new AbortController().signal,
  maximumLine: 1000,
};

function options(plugininfo: string | undefined, force = false): PluginOptions {
  return { plugininfo, force, multiinfo: undefined, report: undefined };
}

async function prepared(force = false): Promise<PreparedInput> {
  const [input, ...others] = (await csv.prepare(options(path, force))).inputs;
  assert.ok(input && others.length === 0);
  return input;
}

async function openFile(content: string | Buffer, force = false): Promise<OpenInput> {
  await writeFile(path, content);
  return (await prepared(force)).open(context);
}

async function partsOf(input: OpenInput): Promise<CommandPart[]> {
  const parts: CommandPart[] = [];
  for await (const batch of input.read().commands) parts.push(...batch);
  return parts;
}

async function read(content: string | Buffer, force = false): Promise<CommandPart[]> {
  const input = await openFile(content, force);
  try {
    return await partsOf(input);
  } finally {
    await input.close();
  }
}

async function refusal(content: string | Buffer): Promise<ConnectorError> {
  try {
    await (await openFile(content)).close();
  } catch (error) {
    if (error instanceof CommandFileRefusedError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the file was not refused' });
}

test('sends what -csvfile wrote: the same units, the same text', async () => {
  const written = [source, ...numbers(1, 3).map((n) => unit(`192.0.2.${n}`, [1, 2]))];
  assert.deepEqual(await read(textOf(written)), written);
});

test('gives the same network map as the direct run', async () => {
  const written = [source, ...numbers(1, 30).map((n) => unit(`192.0.2.${n}`, [1, 2]))];
  const simulator = await startSimulator({ maximumSize: 700 });
  const { delivery } = await deliver(simulator, await read(textOf(written)));
  await simulator.close();
  assert.deepEqual(simulator.networkMap, mapAfter(written));
  assert.equal(delivery.units, 30);
});

test('leaves out comments and blank lines, and adds nothing', async () => {
  const parts = await read(
    '# made by hand\n#\n\n  \nSetSource,Test\n\nAddHost,192.0.2.1\n#\nAddHost,192.0.2.2',
  );
  assert.equal(textOf(parts), 'SetSource,Test\nAddHost,192.0.2.1\nAddHost,192.0.2.2\n');
});

test('keeps settings in the middle at their place, inside a unit too', async () => {
  const finding = 'AddScanResult,192.0.2.1,"Q",1\n';
  const text = `SetSource,One\nAddHost,192.0.2.1\nSetMap,Mine\n${finding}SetSource,Two\n${finding}ScanFlush\n`;
  const parts = await read(text);
  assert.equal(textOf(parts), text);
  assert.deepEqual(
    parts.map((part) => (part.kind === 'unit' ? part.ends : part.text)),
    ['SetSource,One\n', true, 'SetMap,Mine\n', false, 'SetSource,Two\n', true],
  );
});

test('commands that take effect at once need no memory for all of them', async () => {
  const parts = await read(
    `SetSource,Test\n${numbers(1, 20_000)
      .map((n) => `AddHost,192.0.2.${n % 255}\n`)
      .join('')}`,
  );
  assert.ok(parts.length > 4);
  assert.ok(parts.every((part) => part.kind === 'setting' || (part.ends && part.text.length < 70_000)));
});

test('findings at the end without ScanFlush are sent as they are, with a warning', async () => {
  const parts = await read('SetSource,Test\nAddScanResult,192.0.2.1,"Q",1\n');
  assert.equal(textOf(parts), 'SetSource,Test\nAddScanResult,192.0.2.1,"Q",1\n');
  assert.ok(log.lines.some((line) => line.startsWith('WARNING') && line.includes('ends without ScanFlush')));
});

test('commands before the first SetSource bring a warning', async () => {
  await read('AddHost,192.0.2.1\nSetSource,Test\n');
  assert.ok(log.lines.some((line) => line.startsWith('WARNING') && line.includes('first SetSource')));
});

test('an empty file gives nothing', async () => {
  assert.deepEqual(await read(''), []);
  assert.deepEqual(await read('# only this'), []);
});

test('tells how many hosts will come', async () => {
  const input = await openFile(textOf([source, unit('192.0.2.1', [1]), unit('192.0.2.2', [1])]));
  assert.equal(input.read().ofHosts(), 2);
  await input.close();
});

const bad: [name: string, line: string | Buffer, told: string][] = [
  ['an unknown command', 'AddHots,192.0.2.1', "line 2: unknown command 'AddHots'"],
  ['a command in the wrong case', 'addhost,192.0.2.1', "unknown command 'addhost' (AddHost is meant?)"],
  ['a blank in front', ' ScanFlush', 'line 2: begins with a blank'],
  ['too few fields', 'AddFix,192.0.2.1', 'AddFix with 1 fields behind it instead of 4'],
  ['too many fields', 'AddHost,192.0.2.1,b,c', 'AddHost with 3 fields behind it instead of 1 to 2'],
  [
    'a comma inside a description',
    `AddScanResult,192.0.2.1,"Q",1,,,t,d,e,"cve_ids:","bugtraq_ids:"`,
    'with 10 fields',
  ],
  ['a quote that is never closed', 'SetSource,"Test', 'a double quote is never closed'],
  ['an address that is none', 'AddHost,999.0.2.9', "'999.0.2.9' is no IP address"],
  ['a host by its name', 'AddScanResult,web.example,"Q",1', "'web.example' is no IP address"],
  [
    'a list with an address that is none',
    'SetOS,"192.0.2.1,192.0.2",V',
    "'192.0.2' is no IP address, block or",
  ],
  ['text behind a quote', 'SetSource,"Te"st', 'text follows a closing double quote'],
  ['a NUL', 'Scan\0Flush', 'holds a control character'],
  ['bytes that are not UTF-8', Buffer.from('SetSource,Universit\xe9', 'latin1'), 'not UTF-8 text'],
  ['a line that is too long', `SetSource,${'x'.repeat(990)}`, 'longer than the 1000 bytes'],
  ['a line that is too long in bytes only', `SetSource,${'ü'.repeat(500)}`, 'longer than the 1000 bytes'],
];

for (const [name, line, told] of bad) {
  test(`refuses ${name}, with its number`, async () => {
    const error = await refusal(
      Buffer.concat([Buffer.from('SetSource,Test\n'), Buffer.from(line), Buffer.from('\n')]),
    );
    assert.equal(error.exitCode, 2);
    assert.ok(error.message.includes(told), error.message);
    assert.match(error.message, /has 1 bad line; nothing was sent:\n {2}line 2: /);
  });
}

test('takes files as other programs write them, and tells once what it sends without', async () => {
  const untidy =
    '\uFEFF# from a spreadsheet\r\n  # more\r\nSetSource,Test\r\n' +
    'AddScanResult,192.0.2.1,"Q",1,,,"a\tb",,"cve_ids:","bugtraq_ids:",\r\n\r\nScanFlush, ,\r\nAddHost,192.0.2.2,\n';
  assert.equal(
    textOf(await read(untidy)),
    'SetSource,Test\nAddScanResult,192.0.2.1,"Q",1,,,"a b",,"cve_ids:","bugtraq_ids:"\nScanFlush\nAddHost,192.0.2.2,\n',
  );
  assert.deepEqual(
    log.lines.filter((line) => line.includes('sent without')),
    [
      `WARNING ${path} has 1 byte order mark, 6 Windows line ends, 1 comment behind blanks, 1 line with tabs, ` +
        '2 lines with commas too many at their end: sent without that',
    ],
  );
});

test('no comment becomes a command, however long it is, and lines behind it keep their numbers', async () => {
  for (const length of [1_048_575, 1_048_576, 3_000_000]) {
    const comment = `#${'y'.repeat(length)}DeleteHost,10.0.0.1\n`;
    assert.equal(textOf(await read(`${comment}SetSource,Q\n`)), 'SetSource,Q\n');
    assert.match((await refusal(`${comment}Wrong,1\n`)).message, /line 2: unknown command/);
  }
});

test('a line of several megabytes is one line that is too long', async () => {
  const { message } = await refusal(`SetSource,Q\nAddHost,${'1'.repeat(3_000_000)}\nAddHost,192.0.2.1\n`);
  assert.match(message, /line 2: /);
  assert.doesNotMatch(message, /line 3/);
});

test('a byte order mark in the middle is refused', async () => {
  assert.match((await refusal('#\n\uFEFFSetSource,Test\n')).message, /line 2: begins with a byte order mark/);
});

test('a line of nothing but commas takes no time that grows with its square', async () => {
  assert.equal(
    textOf(await read(`SetSource,Test\nScanFlush${','.repeat(900)}\n`)),
    'SetSource,Test\nScanFlush\n',
  );
});

test('counts a host once that is flushed twice in a row, and one that only AddHost names', async () => {
  const text =
    'SetSource,Test\nAddHostAttribute,Owner,text\nAddHost,192.0.2.9\nDeleteScanResult,192.0.2.1,"Q"\nScanUpdate\n' +
    'AddHost,192.0.2.1\nAddScanResult,192.0.2.1,"Q",1\nScanFlush\nAddHost,192.0.2.3\n';
  const input = await openFile(text);
  assert.equal(input.read().ofHosts(), 3);
  const simulator = await startSimulator();
  const { delivery } = await deliver(simulator, input.read().commands);
  await input.close();
  await simulator.close();
  assert.equal(delivery.units, 3);
});

test('a line of exactly the maximum is taken', async () => {
  const parts = await read(`SetSource,${'x'.repeat(989)}\n`);
  assert.equal(Buffer.byteLength(textOf(parts)), 1000);
});

test('shows ten bad lines and counts the others', async () => {
  const { message } = await refusal('Nonsense\n'.repeat(25));
  assert.equal(message.match(/ {2}line \d+: /g)?.length, 10);
  assert.match(message, /has 25 bad lines[^]*\(and 15 more\)/);
});

test('sends bad lines with -force as they are', async () => {
  const text = 'SetSource,Test\nNonsense,1\n ScanFlush\nAddHost,192.0.2.1\r\n';
  assert.equal(textOf(await read(text, true)), text);
});

test('sends the bytes of each line as they are with -force, to both destinations', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\uFEFFSetSource,Universit\xe9\r\n', 'latin1'),
    Buffer.from(
      'AddHost,192.0.2.1,\t\nAddScanResult,192.0.2.1,"Q",1,,,"\xe9t\xe9 \xff"\nScanFlush,\n',
      'latin1',
    ),
    Buffer.from('SetSource,Gro\xdfe M\xe4use\n', 'latin1'),
  ]);
  const input = await openFile(bytes, true);
  const blocks: Buffer[] = [];
  for await (const shipment of collectShipments(input.read().commands, () => 1000)) {
    for (const { text } of blocksOf(shipment, 1000)) blocks.push(text);
    assert.ok(shipment.settings.every((one) => bytes.includes(bytesOf(one))));
  }
  await input.close();
  assert.deepEqual(Buffer.concat(blocks), bytes);
  const again = await openFile(bytes, true);
  const written = join(folder, 'written.csv');
  await csvFileSink(written)(again.read().commands, {
    ...context,
    ofHosts: () => undefined,
    delivery: emptyDelivery(),
  });
  await again.close();
  assert.deepEqual(await readFile(written), bytes);
});

test('never sends a line that fits into no block', async () => {
  await assert.rejects(
    openFile(`SetSource,${'x'.repeat(2000)}\n`, true),
    (error) => error instanceof CommandFileRefusedError && error.message.includes('not even with -force'),
  );
});

test('a file without a line end is refused in bounded memory', async () => {
  const { message } = await refusal(Buffer.alloc(5_000_000, 'x'));
  assert.match(message, /line 1: longer than/);
});

test('a missing file name is told in the known words', async () => {
  for (const name of [undefined, '']) {
    await assert.rejects(csv.prepare(options(name)), (error) => {
      assert.ok(error instanceof InputFilenameRequiredError);
      return error.exitCode === 2 && error.message.startsWith('Input filename is required.');
    });
  }
});

test('a file that is not there, or no file, is told before anything else', async () => {
  await assert.rejects(csv.prepare(options(join(folder, 'none'))), CommandFileUnreadableError);
  await assert.rejects(csv.prepare(options(folder)), NotARegularFileError);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await assert.rejects(csv.prepare(options(join(folder, 'pipe'))), NotARegularFileError);
});

test('a file that vanishes after the check is sent all the same', async () => {
  const input = await openFile(textOf([source, unit('192.0.2.1', [1])]));
  await rm(path);
  assert.equal((await partsOf(input)).length, 2);
  await input.close();
});

test('a file that another takes the place of is sent as it was checked', async () => {
  const input = await openFile('SetSource,One\n');
  await writeFile(`${path}.new`, 'SetSource,Two\n');
  await rename(`${path}.new`, path);
  assert.equal(textOf(await partsOf(input)), 'SetSource,One\n');
  await input.close();
});

test('a file that changes after the check is not sent further', async () => {
  const changes = [
    () => appendFile(path, 'ScanFlush\n'),
    () => truncate(path, 3),
    async () => {
      await writeFile(path, 'SetSource,Two\n');
      // A file system's clock may stand still between two writes.
      await utimes(path, 1, 1);
    },
  ];
  for (const change of changes) {
    const input = await openFile('SetSource,One\n');
    await change();
    await assert.rejects(partsOf(input), CommandFileChangedError);
    await input.close();
  }
});

test('the check of a test run says what is found and what is wrong', async () => {
  const check = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const one of (await csv.prepare(options(path))).checks(context)) found.push(one);
    return found;
  };
  await writeFile(path, 'SetSource,Test\nScanFlush\n');
  assert.deepEqual(await check(), [{ name: 'Command file', ok: true, detail: `${path} (1 host)` }]);
  await writeFile(path, 'Nonsense\n');
  const [found] = (await check()) as { ok: boolean; detail: ConnectorError['message'] }[];
  assert.equal(found?.ok, false);
  assert.match(found.detail, /unknown command 'Nonsense'/);
});
