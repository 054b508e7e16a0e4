import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EVENTS } from '../support/events.ts';

const CALL = /(?:\b(?:error|warning|info|debug|trouble)|\[level\])\(\s*'([a-z]+\.[a-zA-Z]+)'/g;

test('the events of the program are these', async () => {
  const found = new Set<string>();
  for (const folder of ['../../src/', '../../InputPlugins/']) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of await readdir(path, { recursive: true })) {
      if (!name.endsWith('.js') || name.startsWith('simulators')) continue;
      const code = await readFile(join(path, name), 'utf8');
      for (const [, event = ''] of code.matchAll(CALL)) found.add(event);
    }
  }
  assert.deepEqual([...found].sort(), [...EVENTS].sort());
});
