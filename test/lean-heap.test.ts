import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../src/lean-heap.js', import.meta.url).href;

/** Makes garbage of which each piece lives for a while. @returns MB that V8's young generation has grown to */
function youngGenerationOf(prepare: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${prepare}
    for (let i = 0, kept = []; i < 1e6; i++) kept[i % 50000] = { i, text: 'x' + i };
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  return Number(stdout) / 1_048_576;
}

test("V8's young generation stays small where that was asked for, and V8 says nothing of it", () => {
  const asked = youngGenerationOf(`import { keepHeapLean } from '${MODULE}'; keepHeapLean();`);
  assert.ok(asked > 0 && asked <= 8, `${asked} MB`);
  const free = youngGenerationOf('');
  assert.ok(free >= 2 * asked, `${asked} MB when asked for, ${free} MB when not`);
});

test('it grows again once that is asked for', () => {
  const program = `import { keepHeapLean, letHeapGrow } from '${MODULE}'; keepHeapLean(); letHeapGrow();`;
  const free = youngGenerationOf(program);
  assert.ok(free > 8, `${free} MB`);
});

test('a version of Node.js on which it was not tried is left alone', () => {
  const program = `import { keepHeapLean } from '${MODULE}'; keepHeapLean('99.0.0');`;
  const free = youngGenerationOf(program);
  assert.ok(free > 8, `${free} MB`);
});
