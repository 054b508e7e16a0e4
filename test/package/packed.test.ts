import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { pack, type Packed } from './packed.ts';

/** What users run, and what tells them how. */
const WANTED = [
  /^dist\/(bin|src|InputPlugins)\/.*\.js(\.map)?$/,
  /^dist\/man\/[\w-]+\.1$/,
  /^(dist\/)?InputPlugins\/QualysGuard\.(yaml|schema\.json)$/,
  /^(package\.json|(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE)$/,
  /^docs\/([\w-]+\/)?[\w-]+\.(md|png)$/,
];

/** For rehearsals and for building: a clone has them. */
const LEFT_OUT = /^(src\/(simulators|release)\/|src\/(cli\/write-man-pages|config\/write-schema)\.ts$)/;

const directory = await temporaryDirectory();

suite('what npm pack packs', () => {
  let packed: Packed;
  before(async () => {
    packed = await pack(directory);
  });

  test('is what is needed and nothing else', () => {
    const others = packed.files.filter(({ path }) => !WANTED.some((wanted) => wanted.test(path)));
    assert.deepEqual(others, []);
    assert.ok(!packed.files.some(({ path }) => path.includes('simulators')));
  });

  test('has every source file, compiled, with the map that names its lines in the log', async () => {
    const names = new Set(packed.files.map(({ path }) => path));
    for (const file of await sources()) {
      const compiled = `dist/${file.replace(/\.ts$/, '.js')}`;
      for (const needed of [compiled, `${compiled}.map`]) {
        assert.equal(names.has(needed), !LEFT_OUT.test(file), needed);
      }
    }
  });

  test('has the files that package.json names, the commands executable', () => {
    const modes = new Map(packed.files.map(({ path, mode }) => [path, mode]));
    for (const file of Object.values(MANIFEST.bin)) assert.equal(modes.get(file), 0o755, file);
    for (const file of MANIFEST.man) assert.ok(modes.has(file), file);
  });
});

async function sources(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of ['bin', 'src', 'InputPlugins']) {
    const names = await readdir(join(CHECKOUT, folder), { recursive: true });
    files.push(...names.filter(isCompiled).map((name) => `${folder}/${name}`));
  }
  return files;
}

function isCompiled(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.d.ts');
}
