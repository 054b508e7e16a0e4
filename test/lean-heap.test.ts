import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../src/lean-heap.js', import.meta.url).href;

/**
 * Calls each of these in turn, and after each makes garbage of which each piece lives for a while.
 * @returns MB that V8's young generation has grown to after each
 */
function youngGenerationAfter(...calls: readonly string[]): number[] {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepHeapLean, letHeapGrow } from '${MODULE}';
    for (const call of [${calls.map((call) => `() => ${call}`).join()}]) {
      call();
      for (let i = 0, kept = []; i < 4e5; i++) kept[i % 50000] = { i, text: 'x' + i };
      console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
    }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  return stdout
    .trim()
    .split('\n')
    .map((bytes) => Number(bytes) / 1_048_576);
}

test("V8's young generation stays small where that was asked for, grows again once that is asked for, and V8 says nothing of it", () => {
  const [asked = 0, again = 0] = youngGenerationAfter('keepHeapLean()', 'letHeapGrow()');
  assert.ok(asked > 0 && asked <= 8, `${asked} MB`);
  assert.ok(again > 8 && again >= 2 * asked, `${again} MB`);
});

test('a version of Node.js on which it was not tried is left alone', () => {
  const [free = 0] = youngGenerationAfter(`keepHeapLean('99.0.0')`);
  assert.ok(free > 8, `${free} MB`);
});
