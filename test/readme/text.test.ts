import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { CHECKOUT } from '../package/packed.ts';
import { connector, stageFor } from '../support/connector.ts';
import { blocks, README, section } from './readme.ts';

test('every link inside the README leads somewhere', () => {
  const anchors = new Set([
    ...[...README.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading ?? '')),
    ...[...README.matchAll(/<a id="([^"]*)">/g)].map(([, id]) => id),
  ]);
  for (const [, target = ''] of README.matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith('#')) assert.ok(anchors.has(target.slice(1)), target);
    else if (!target.startsWith('https://')) assert.ok(existsSync(join(CHECKOUT, target)), target);
  }
});

/** As GitHub makes them of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

test('the map for developers names every folder of src and of the checkout', async () => {
  const map = blocks('', section('## For developers'))[0] ?? '';
  const folders = (await readdir(join(CHECKOUT, 'src'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.name}/`);
  for (const name of [...folders, 'bin/', 'InputPlugins/', 'test/']) {
    assert.match(map, new RegExp(`(^|\\s)${name.replaceAll('/', '\\/')}`, 'm'));
  }
});

test('every npm script that the README names is there', async () => {
  const { scripts } = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  for (const [, name = ''] of README.matchAll(/npm run ([\w:-]+)/g)) assert.ok(name in scripts, name);
});

test('the demo prints what the README shows of it', { timeout: 120_000 }, async () => {
  const [shown = ''] = blocks('').filter((block) => block.startsWith('$ npm run demo\n'));
  const demo = join(CHECKOUT, 'dist', 'src', 'simulators', 'demo.js');
  const { stdout } = await promisify(execFile)(process.execPath, [demo], { cwd: CHECKOUT });
  const printed = stdout.split('\n').map(timeless);
  let at = 0;
  for (const line of shown.trimEnd().split('\n').slice(1).map(timeless)) {
    // A slow machine may have more to tell in between.
    at = printed.indexOf(line, at) + 1;
    assert.notEqual(at, 0, `${line}\nis not in what the demo prints, or not in this place:\n${stdout}`);
  }
});

/** A line without what differs from run to run. */
function timeless(line: string): string {
  return line
    .replace(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/, 'DATE')
    .replace(/-port=\d+/, '-port=PORT')
    .replace(/-\d{8}T\d{6}Z-[0-9a-f]+/, '-TIME')
    .replace(/\b\d+ s$/, 'SECONDS')
    .replace(/(obtain|deliver) [\d.]+/g, '$1 SECONDS');
}

test("the README's example of a summary has the fields of a real one", async (t) => {
  const stage = await stageFor(t);
  const file = join(stage.directory, 'summary.json');
  const ended = await connector([...stage.toServer, `-summary=${file}`]);
  assert.equal(ended.code, 0, ended.output);
  const example = JSON.parse(blocks('json', section('## Summary'))[0] ?? '') as unknown;
  assert.deepEqual(fields(example), fields(JSON.parse(await readFile(file, 'utf8'))));
});

/** Paths and types of all values. */
function fields(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null)
    return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([key, part]) => fields(part, `${path}.${key}`));
}
