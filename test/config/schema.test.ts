import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describeKey, NAMED_KEYS } from '../../src/config/keys.ts';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { configSchema } from '../../src/config/schema.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SHIPPED = new URL('../../../InputPlugins/QualysGuard.yaml', import.meta.url);
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(configSchema()) as object);
const fits = (yaml: string): boolean => validate(load(yaml)) === true;

test('the schema is beside the shipped YAML, whose first line names it', () => {
  const [first] = readFileSync(SHIPPED, 'utf8').split('\n');
  assert.equal(first, '# yaml-language-server: $schema=QualysGuard.schema.json');
  for (const folder of [SHIPPED, new URL('../../InputPlugins/', import.meta.url)]) {
    assert.equal(readFileSync(new URL('QualysGuard.schema.json', folder), 'utf8'), configSchema());
  }
});

test('the shipped YAML fits the schema, which describes every key', () => {
  assert.ok(fits(readFileSync(SHIPPED, 'utf8')), JSON.stringify(validate.errors));
  const { properties } = JSON.parse(configSchema()) as {
    readonly properties: Readonly<Record<string, { readonly description: string }>>;
  };
  assert.deepEqual(
    Object.entries(properties).map(([name, { description }]) => [name, description]),
    NAMED_KEYS.map(([, key]) => [key.name, describeKey(key)]),
  );
});

const GOOD = [
  'password: 0123',
  'password: true',
  'USERNAME: x',
  'template_id: 424242',
  "template_id: '424242'",
  'add_host: y',
  'add_host: True',
  'add_host: yE',
  'add_host: ~',
  'add_host:',
  'min_severity: 5',
  "min_severity: '5'",
  'poll_interval: 0.1',
  'report_limit: 500 mb',
  'api: V1',
  'api_version: AUTO',
  'api_version: 3.0',
  'finding_types: vuln; IG',
  'finding_types: [Vuln, ig]',
  'asset_groups: 1111',
  'asset_groups: [1111, 2222]',
  'source: Detection',
  'ips: [10.0.0.1, 10.0.0.0/24]',
  'tags: [Größe 1, x, true, "p{Cc}"]',
  'domain: true',
  'password_command: [pass, show, 1, true]',
  'on_failure: /usr/bin/true',
];

const BAD = [
  'add_hots: y',
  'template_id: x',
  'template_id: [1]',
  'add_host: maybe',
  'add_host: 3',
  'min_severity: 6',
  'min_severity: high',
  'min_severity: 1.5',
  'poll_interval: 0',
  'report_limit: 5 TB',
  'api: v3',
  'api_version: new',
  'finding_types: [Vuln, High]',
  'finding_types: []',
  'tags: ["a\\tb"]',
  'password: [a]',
  'password: {a: b}',
  'password_command: pass show qualys',
  'password_command: []',
  'mode: [flush]',
  'source: csv',
];

test('what the program takes fits the schema, and what the schema refuses the program refuses too', async (t) => {
  const file = join(await temporaryDirectory(t), 'QualysGuard.yaml');
  for (const [lines, good] of [
    [GOOD, true],
    [BAD, false],
  ] as const) {
    for (const line of lines) {
      assert.equal(fits(line), good, `${line}: ${JSON.stringify(validate.errors)}`);
      await writeFile(file, `${line}\n`);
      const read = readQualysConfig(file, []);
      await (good ? read : assert.rejects(read, line));
    }
  }
});

/** Such as users write, and what lies near it. */
const WRITTEN = [
  'true',
  'No',
  'p{Cc}',
  'Größe 1',
  '\u{1f600}',
  'a\u0085b',
  'a\tb',
  '12',
  '0x1F',
  '1.5',
  '1e3',
];
const TEXTS = fc.oneof(
  fc.constantFrom(...WRITTEN),
  fc.stringMatching(/^[a-zA-Z0-9 .{}\\_-]{1,12}$/),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
);

test('a text that the program takes for a key, or as an item of its list, fits the schema', () => {
  const keys = NAMED_KEYS.filter(([, { read, words, blocks }]) => read.schema && !words && !blocks);
  const taken = new Set<string>();
  for (const [, key] of keys) {
    fc.assert(
      fc.property(TEXTS, (text) => {
        const item = text.trim();
        if (item === '' || item.includes(',') || key.read(item, '/') === undefined) return;
        taken.add(key.name);
        const value = key.list ? [item] : item;
        assert.ok(validate({ [key.name]: value }), `${key.name}: ${JSON.stringify(value)}`);
        // Without quotes a parser of YAML may see a number in it, or a truth.
        const plain = /^[a-z0-9][a-z0-9.]*$/i.test(item) ? (load(item) ?? item) : item;
        assert.ok(validate({ [key.name]: key.list ? [plain] : plain }), `${key.name}: ${item}`);
      }),
      { examples: WRITTEN.map((text): [string] => [text]) },
    );
  }
  const some = ['template_id', 'tags', 'set_os_attr', 'domain', 'min_qds', 'add_host', 'api_version'];
  for (const name of some) assert.ok(taken.has(name), name);
});

test('each pattern of the schema means the same to validators with and without Unicode', () => {
  const patterns = new Set([...configSchema().matchAll(/"pattern": (".*")/g)].map(([, text = '']) => text));
  assert.ok(patterns.size > 5);
  for (const quoted of patterns) {
    const pattern = JSON.parse(quoted) as string;
    fc.assert(
      fc.property(TEXTS, (text) => {
        assert.equal(
          new RegExp(pattern).test(text),
          new RegExp(pattern, 'u').test(text),
          `${pattern} ${text}`,
        );
      }),
    );
  }
});

test('each default fits the schema of its key', () => {
  for (const [, { name, default: initial }] of NAMED_KEYS) assert.ok(fits(`${name}: ${initial}`), name);
});
