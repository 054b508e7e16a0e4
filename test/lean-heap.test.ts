import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../src/lean-heap.js', import.meta.url).href;

/** Makes garbage of which each piece lives for a while. @returns MB that V8's young generation has grown to */
function youngGenerationAfter(call: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepHeapLean } from '${MODULE}';
    ${call};
    for (let i = 0, kept = []; i < 4e5; i++) kept[i % 50000] = { i, text: 'x' + i };
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  return Number(stdout) / 1_048_576;
}

test("V8's young generation stays small where that was asked for, and V8 says nothing of it", () => {
  const size = youngGenerationAfter('keepHeapLean()');
  assert.ok(size > 0 && size <= 8, `${size} MB`);
});

test('a version of Node.js on which it was not tried is left alone', () => {
  const size = youngGenerationAfter(`keepHeapLean('99.0.0')`);
  assert.ok(size > 8, `${size} MB`);
});
