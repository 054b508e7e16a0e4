import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
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
 * Converts a document in a process of its own with a heap of so many megabytes, and with a small young generation: Node's
 * own, which differs from one release to the next, would hide what the program itself holds.
 */
async function convert(t: TestContext, document: Iterable<string>, heap = 40): Promise<Result> {
  const path = join(await temporaryDirectory(t), 'report.xml');
  await pipeline(Readable.from(document), createWriteStream(path));
  const limits = [`--max-old-space-size=${heap}`, '--max-semi-space-size=4'];
  const { stdout } = await promisify(execFile)(process.execPath, [...limits, program, path]);
  return JSON.parse(stdout) as Result;
}

// A process that does nothing else takes some 65 MB, with Node.js 24 some 75: what was kept of 30 would show.
test('30 MB of hosts are converted within the memory of a small process', async (t) => {
  const result = await convert(t, sampleReport({ hosts: 2200 }));
  assert.ok(result.findings > 20_000);
  assert.ok(result.peak < 95, `${result.peak} MB`);
});

test('so is a single host with as much', async (t) => {
  const result = await convert(t, sampleReport({ hosts: 1, findingsPerHost: 22_500, resultRows: 24 }));
  assert.ok(result.findings > 15_000);
  assert.ok(result.peak < 95, `${result.peak} MB`);
});

test('so are findings whose QIDs, all different ones, the glossary lacks', async (t) => {
  const findings = Array.from({ length: 100_000 }, (_, index) => ({ qid: index + 1 }));
  const result = await convert(t, [reportXml([hostXml('192.0.2.1', findings)], [])]);
  assert.equal(result.findings, 100_000);
  assert.ok(result.peak < 130, `${result.peak} MB`);
});

test('so is a THREAT whose characters become many letters each', async (t) => {
  const entry = entryXml({ qid: 1, threat: '\ufdfa'.repeat(2_500_000) });
  const result = await convert(t, [reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], [entry])], 64);
  assert.ok(result.peak < 200, `${result.peak} MB`);
});
