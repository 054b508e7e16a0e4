import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandPart, CommandStream } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import { csvFileSink } from '../../src/destination/csv-file.ts';
import { emptyDelivery, type SinkContext } from '../../src/destination/sink.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SETTING: CommandPart = { kind: 'setting', text: 'SetSource,QualysGuard Scan Report\n' };

function unit(address: string, ends = true): CommandPart {
  const text = `AddScanResult,${address},"QualysGuard",38170,443,tcp,"t","d","cve_ids:","bugtraq_ids:"\n`;
  return {
    kind: 'unit',
    address,
    text: ends ? `${text}ScanFlush\n` : text,
    commands: ends ? 2 : 1,
    findings: 1,
    ends,
  };
}

async function* batches(...parts: CommandPart[][]): CommandStream {
  for (const part of parts) yield await Promise.resolve(part);
}

function context(signal = new AbortController().signal): SinkContext {
  return {
    log: recordingLog(),
    progress: noProgress,
    signal,
    ofHosts: () => undefined,
    delivery: emptyDelivery(),
  };
}

test('the file holds every line in order, and the delivery counts them', async (t) => {
  const file = join(await temporaryDirectory(t), 'Output.csv');
  const ours = context();
  const parts = [SETTING, unit('192.0.2.1'), unit('192.0.2.2', false), unit('192.0.2.2')];
  await csvFileSink(file)(batches([SETTING], parts.slice(1)), ours);
  const text = await readFile(file, 'utf8');
  assert.equal(text, parts.map((part) => part.text).join(''));
  assert.deepEqual(ours.delivery, {
    ...emptyDelivery(),
    units: 2,
    commands: 6,
    findings: 3,
    bytes: text.length,
  });
});

test('a new file is for its owner alone; an existing one keeps its permissions', async (t) => {
  const file = join(await temporaryDirectory(t), 'Output.csv');
  await csvFileSink(file)(batches([SETTING]), context());
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await chmod(file, 0o640);
  await csvFileSink(file)(batches([SETTING, unit('192.0.2.1')]), context());
  assert.equal((await stat(file)).mode & 0o777, 0o640);
});

test('a stream that breaks leaves the old file as it was and nothing beside it', async (t) => {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'Output.csv');
  await writeFile(file, 'of yesterday\n');
  async function* breaking(): CommandStream {
    yield await Promise.resolve([SETTING, unit('192.0.2.1')]);
    throw new Error('the report is cut off');
  }
  await assert.rejects(csvFileSink(file)(breaking(), context()), /cut off/);
  assert.equal(await readFile(file, 'utf8'), 'of yesterday\n');
  assert.deepEqual(await readdir(directory), ['Output.csv']);
});

test('an interrupted run leaves no file', async (t) => {
  const directory = await temporaryDirectory(t);
  const interrupt = new AbortController();
  async function* interrupted(): CommandStream {
    yield await Promise.resolve([SETTING]);
    interrupt.abort(new Error('interrupted'));
    yield [unit('192.0.2.1')];
  }
  await assert.rejects(
    csvFileSink(join(directory, 'a.csv'))(interrupted(), context(interrupt.signal)),
    /interrupted/,
  );
  assert.deepEqual(await readdir(directory), []);
});

test('a link stays a link', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'real.csv'), '');
  await symlink('real.csv', join(directory, 'link.csv'));
  await csvFileSink(join(directory, 'link.csv'))(batches([SETTING]), context());
  assert.equal(await readFile(join(directory, 'real.csv'), 'utf8'), SETTING.text);
  assert.deepEqual((await readdir(directory)).sort(), ['link.csv', 'real.csv']);
});

test('a file that did not come to be counts nothing as written', async (t) => {
  const directory = await temporaryDirectory(t);
  const ours = context();
  async function* broken(): CommandStream {
    yield await Promise.resolve([SETTING, unit('192.0.2.1')]);
    throw new Error('the report broke off');
  }
  await assert.rejects(csvFileSink(join(directory, 'Output.csv'))(broken(), ours), /broke off/);
  assert.deepEqual(ours.delivery, emptyDelivery());
  assert.deepEqual(await readdir(directory), []);
});

test('a device is written to directly', async () => {
  const ours = context();
  await csvFileSink('/dev/null')(batches([SETTING, unit('192.0.2.1')]), ours);
  assert.equal(ours.delivery.units, 1);
});

test(
  'a full disk is told in a sentence',
  { skip: process.platform !== 'linux' && 'no /dev/full here' },
  async () => {
    await assert.rejects(csvFileSink('/dev/full')(batches([SETTING]), context()), {
      code: 'QC6001',
      message: /^The CSV file \/dev\/full cannot be written: the disk is full \(ENOSPC\)\..*\[QC6001\]$/,
    });
  },
);

test('a directory that is not there, and one in the place of the file, are told in a sentence', async (t) => {
  const directory = await temporaryDirectory(t);
  const sink = (path: string): Promise<void> =>
    csvFileSink(join(directory, path))(batches([SETTING]), context());
  await assert.rejects(sink('no/Output.csv'), /its directory does not exist/);
  await mkdir(join(directory, 'Output.csv'));
  await assert.rejects(sink('Output.csv'), /it is a directory/);
});

test('what lies under a name that could be guessed is not written to', async (t) => {
  const directory = await temporaryDirectory(t);
  const other = join(directory, 'other');
  await writeFile(other, 'kept');
  await symlink(other, join(directory, `.Output.csv.${process.pid}.partial`));
  await csvFileSink(join(directory, 'Output.csv'))(batches([SETTING]), context());
  assert.equal(await readFile(other, 'utf8'), 'kept');
});
