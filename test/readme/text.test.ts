import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';
import { showNights } from '../../src/simulators/nights.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { certificates } from '../support/certificates.ts';
import { stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { blocks, page, PAGES, section } from './readme.ts';

test('the map names every room, and none that is not there', async () => {
  const map = blocks('', section('docs/architecture.md', '## Rooms'))[0] ?? '';
  const named = pathsOf(map);
  for (const path of named) assert.ok(existsSync(join(CHECKOUT, path)), path);
  for (const entry of await readdir(join(CHECKOUT, 'src'), { withFileTypes: true })) {
    assert.ok(named.includes(`src/${entry.name}${entry.isDirectory() ? '/' : ''}`), entry.name);
  }
  for (const name of ['bin/', 'InputPlugins/', 'docs/', 'test/']) assert.ok(named.includes(name), name);
});

/** Paths of a tree that is drawn by indentation: names first, what is said of them after. */
function pathsOf(tree: string): string[] {
  const folders: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const depth = (/^ */.exec(line)?.[0].length ?? 0) / 2;
    const names =
      /^(?:[\w./-]*[\w-][./][\w/]*(?: +|$))*/.exec(line.trimStart())?.[0].trim().split(/ +/) ?? [];
    folders.splice(depth, Infinity, names[0] ?? '');
    const above = folders.slice(0, depth).join('');
    return names.filter((name) => name !== '').map((name) => above + name);
  });
}

test('every npm script that the pages name is there', () => {
  for (const [path, text] of PAGES) {
    for (const [, name = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      assert.ok(name in MANIFEST.scripts, `${path}: ${name}`);
    }
  }
});

test('the README is short, and names the package by its version', () => {
  const text = page('README.md');
  assert.ok(text.split('\n').length <= 300);
  assert.deepEqual(text.match(/qualys-connector-[\d.]+\.tgz/g), [`qualys-connector-${MANIFEST.version}.tgz`]);
});

test('the demo prints what the README and the reference show of it', { timeout: 120_000 }, async (t) => {
  const [readme = ''] = blocks('', page('README.md')).filter((block) => block.startsWith('$ npm run demo\n'));
  const [summary = ''] = blocks('', section('docs/reference.md', '## Summary'));
  assert.ok(readme !== '' && summary !== '');
  let stdout = '';
  const say = (line: string): void => void (stdout += `${line}\n`);
  const home = await temporaryDirectory(t);
  const before = process.cwd();
  process.chdir(home);
  t.after(() => {
    process.chdir(before);
  });
  const code = await showNights(join(home, 'dist', 'demo'), certificates, {
    connector: async (options) => {
      const ended = await runHere(t, home, options);
      stdout += ended.output;
      return ended.code ?? 1;
    },
    say,
  });
  assert.equal(code, 0, stdout);
  const printed = stdout.split('\n').map(timeless);
  for (const shown of [readme.slice(readme.indexOf('\n') + 1), summary]) {
    let at = 0;
    for (const line of shown.trimEnd().split('\n').map(timeless)) {
      // A slow machine may have more to tell in between.
      at = printed.indexOf(line, at) + 1;
      assert.notEqual(at, 0, `${line}\nis not in what the demo prints, or not in this place:\n${stdout}`);
    }
  }
});

/** A line without what differs from run to run. */
function timeless(line: string): string {
  return line
    .replace(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/, 'DATE')
    .replace(/generated [-\dT:]+Z/, 'generated DATE')
    .replace(/-port=\d+/, '-port=PORT')
    .replace(/-\d{8}T\d{6}Z-[0-9a-f]+/, '-TIME')
    .replace(/\b\d+ s$/, 'SECONDS')
    .replace(/(obtain|deliver) [\d.]+/g, '$1 SECONDS');
}

test('-test prints what the README shows of it', async (t) => {
  const stage = await stageFor(t);
  const [shown = ''] = blocks('', page('README.md')).filter((block) => block.includes('-test -server='));
  const [command = '', ...lines] = shown.trimEnd().split('\n');
  await writeFile(join(stage.directory, 'pw'), STAGE.pkcs12Password, { mode: 0o600 });
  const words = command
    .replace(/\d+ -passwordfile/, `${stage.managementCenter.port} -passwordfile`)
    .split(' ');
  const env = { PKCS12_PASSWORD: undefined };
  const { stdout } = await runHere(t, stage.directory, words.slice(2), { env });
  assert.deepEqual(stdout.trimEnd().split('\n').map(numberless), lines.map(numberless));
});

function numberless(line: string): string {
  return timeless(line).replace(/\d+/g, 'N');
}

test("the reference's example of a summary has the fields of a real one", async (t) => {
  const stage = await stageFor(t);
  const file = join(stage.directory, 'summary.json');
  const ended = await runHere(t, stage.directory, [...stage.toServer, `-summary=${file}`]);
  assert.equal(ended.code, 0, ended.output);
  const example = JSON.parse(blocks('json', section('docs/reference.md', '## Summary'))[0] ?? '') as unknown;
  assert.deepEqual(fields(example), fields(JSON.parse(await readFile(file, 'utf8'))));
});

/** Paths and types of all values. */
function fields(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return [`${path}: ${value === null ? 'null' : typeof value}`];
  }
  return Object.entries(value).flatMap(([key, part]) => fields(part, `${path}.${key}`));
}
