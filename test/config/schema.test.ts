import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
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
  'tags: [Größe 1, x]',
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

test('each default fits the schema of its key', () => {
  for (const [, { name, default: initial }] of NAMED_KEYS) assert.ok(fits(`${name}: ${initial}`), name);
});
