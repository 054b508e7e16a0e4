import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKOUT } from '../support/checkout.ts';
import { page, PAGES } from './readme.ts';

const MESSAGES = page('docs/messages.md');

test('every code that an error can end in has its place among the messages, and only one', async () => {
  const codes = await codesInSource();
  assert.ok(codes.length > 100);
  const anchors = [...MESSAGES.matchAll(/<a id="qc(\d{4})"><\/a>\*\*QC(\d{4})\*\* /g)].map(
    ([, anchor, code]) => {
      assert.equal(anchor, code);
      return `QC${code ?? ''}`;
    },
  );
  assert.deepEqual(anchors.sort(), codes);
});

test('no page names a code that there is not', async () => {
  const codes = await codesInSource();
  for (const [path, text] of PAGES) {
    // What is gone is told there.
    if (path === 'CHANGELOG.md') continue;
    for (const [code] of text.matchAll(/QC\d{4}/g)) assert.ok(codes.includes(code), `${path}: ${code}`);
  }
});

test('what is said of a code is short', () => {
  const entries = MESSAGES.match(/^- <a id="qc.*(?:\n {2}.*)*/gm) ?? [];
  for (const entry of entries) assert.ok(entry.split('\n').length <= 3, entry);
});

async function codesInSource(): Promise<string[]> {
  const codes = new Set<string>();
  for (const folder of ['src', 'bin', 'InputPlugins']) {
    const files = await readdir(join(CHECKOUT, folder), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.startsWith('simulators'))) {
      const text = await readFile(join(CHECKOUT, folder, file), 'utf8');
      for (const [, code] of text.matchAll(/'(QC\d{4})'/g)) codes.add(code ?? '');
    }
  }
  return [...codes].sort();
}
