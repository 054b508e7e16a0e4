import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { reportFile } from '../support/asset-report.ts';
import { readAll } from './read.ts';

/** How often fast-xml-parser is asked while a report of one host is read. */
async function callsFor(
  t: TestContext,
  findingsPerHost: number,
): Promise<{ calls: number; findings: number }> {
  const xml = [...sampleReport({ hosts: 1, findingsPerHost })].join('');
  const path = await reportFile(t, xml);
  const parse = mock.method(XMLParser.prototype, 'parse');
  try {
    const { hosts } = await readAll(path);
    return { calls: parse.mock.callCount(), findings: hosts[0]?.findingCount ?? 0 };
  } finally {
    parse.mock.restore();
  }
}

test('fast-xml-parser works for what differs, not for every finding', async (t) => {
  const few = await callsFor(t, 300);
  const many = await callsFor(t, 3000);
  assert.ok(few.calls > 100, `${few.calls} calls`);
  assert.ok(many.findings > 5 * few.findings);
  // Only ports differ more when the same vulnerabilities come ten times as often.
  assert.ok(many.calls < few.calls + 100, `${few.calls} calls, then ${many.calls}`);
});
