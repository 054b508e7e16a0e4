import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortestForm } from '../../src/cli/option-table.ts';
import { NAMED_KEYS } from '../../src/config/keys.ts';
import { ENVIRONMENT } from '../../src/environment.ts';
import { ExitCode } from '../../src/exit-code.ts';
import type { Option } from '../../src/option.ts';
import { OPTIONS } from '../../src/options.ts';
import { rows } from './readme.ts';

const REFERENCE = 'docs/reference.md';

test('the reference tells every option, its shortest form, its default and its meaning', () => {
  const expected = OPTIONS.filter(({ hidden }) => !hidden).map((option) => [
    `\`-${option.name()}${option.required ? `=${option.placeholder}` : ''}\``,
    `\`-${shortestForm(option.name())}\``,
    defaultOf(option),
    option.help,
  ]);
  assert.deepEqual(
    rows(REFERENCE, '## Options').filter(([form]) => form?.startsWith('`-')),
    expected,
  );
});

/** As the usage says it; else as the parser has it. */
function defaultOf({ note, defaultValue, required }: Option): string {
  const said = /\(default: (.*)\)/.exec(note)?.[1];
  return said ?? (required ? String(defaultValue ?? 'none') : 'off');
}

test('the reference tells every key of the YAML, its default, what is allowed and its other spellings', () => {
  const told = rows(REFERENCE, '## QualysGuard.yaml').map(([key, initial, meaning, ...more]) => {
    assert.notEqual(meaning, '', key);
    return [key, initial, ...more];
  });
  assert.deepEqual(
    told,
    NAMED_KEYS.map(([, key]) => [
      `\`${key.name}\``,
      key.default === '' ? '' : `\`${key.default}\``,
      key.allowed,
      key.aliases.map((alias) => `\`${alias}\``).join(', '),
    ]),
  );
});

test('the reference tells every variable of the environment', () => {
  const told = rows(REFERENCE, '## Environment').map(([names = '']) => names.replaceAll('`', ''));
  assert.deepEqual(
    told,
    ENVIRONMENT.map(([names]) => names),
  );
});

test('the reference tells every exit code', () => {
  const told = rows(REFERENCE, '## Exit codes').map(([code]) => Number(code));
  assert.deepEqual(
    told,
    Object.values(ExitCode).sort((a, b) => a - b),
  );
});
