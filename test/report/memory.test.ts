import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const program = fileURLToPath(new URL('../support/convert-to-nothing.js', import.meta.url));

interface Result {
  readonly findings: number;
  readonly bytes: number;
  /** Megabytes. */
  readonly peak: number;
}

/**
 * Converts a sample report in a process of its own with a heap of 64 MB, and with Node 20's young generation: later ones
 * let it grow, which hides what the program itself holds.
 */
async function convertSample(path: string, sample: Parameters<typeof sampleReport>[0]): Promise<Result> {
  return convertDocument(path, sampleReport(sample));
}

async function convertDocument(path: string, document: Iterable<string>): Promise<Result> {
  await pipeline(Readable.from(document), createWriteStream(path));
  const limits = ['--max-old-space-size=64', '--max-semi-space-size=16'];
  const { stdout } = await promisify(execFile)(process.execPath, [...limits, program, path]);
  return JSON.parse(stdout) as Result;
}

test('60 MB of hosts are converted within the memory of a small process', async (t) => {
  const path = join(await temporaryDirectory(t), 'report.xml');
  const result = await convertSample(path, { hosts: 4400 });
  assert.ok(result.findings > 40_000);
  assert.ok(result.peak < 150, `${result.peak} MB`);
});

test('so is a single host with as much', async (t) => {
  const path = join(await temporaryDirectory(t), 'report.xml');
  const result = await convertSample(path, { hosts: 1, findingsPerHost: 60_000, resultRows: 24 });
  assert.ok(result.findings > 20_000);
  assert.ok(result.peak < 150, `${result.peak} MB`);
});

test('so are findings whose QIDs, all different ones, the glossary lacks', async (t) => {
  const path = join(await temporaryDirectory(t), 'report.xml');
  const findings = Array.from({ length: 300_000 }, (_, index) => ({ qid: index + 1 }));
  const result = await convertDocument(path, [reportXml([hostXml('192.0.2.1', findings)], [])]);
  assert.ok(result.peak < 200, `${result.peak} MB`);
});

test('so is a THREAT whose characters become many letters each', async (t) => {
  const path = join(await temporaryDirectory(t), 'report.xml');
  const entry = entryXml({ qid: 1, threat: '\ufdfa'.repeat(2_500_000) });
  const result = await convertDocument(path, [reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], [entry])]);
  assert.ok(result.peak < 200, `${result.peak} MB`);
});
