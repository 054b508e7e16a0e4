import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, type OptionEntry } from '../../src/cli/option-entry.ts';
import { ALL_OPTIONS, shortestForm } from '../../src/cli/option-table.ts';
import { NAMED_KEYS } from '../../src/config/keys.ts';
import { ExitCode } from '../../src/exit-code.ts';
import { rows } from './readme.ts';

const REFERENCE = 'docs/reference.md';

test('the reference tells every option, its shortest form, its default and its meaning', () => {
  const expected = ALL_OPTIONS.filter(({ hidden }) => hidden !== true).map((option) => [
    `\`-${option.name}${option.value === 'none' ? '' : `=${/^<[^>]*>/.exec(option.placeholder)?.[0] ?? ''}`}\``,
    `\`-${shortestForm(option.name)}\``,
    defaultOf(option),
    option.help,
  ]);
  assert.deepEqual(
    rows(REFERENCE, '## Options').filter(([form]) => form?.startsWith('`-')),
    expected,
  );
});

/** As the usage says it; else as the parser has it. */
function defaultOf({ name, note, value }: OptionEntry): string {
  const defaults: Readonly<Record<string, string | number>> = DEFAULTS;
  const said = /\(default: (.*)\)/.exec(note)?.[1];
  return said ?? String(defaults[name] ?? (value === 'none' ? 'off' : 'none'));
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

test('the reference tells every exit code', () => {
  const told = rows(REFERENCE, '## Exit codes').map(([code]) => Number(code));
  assert.deepEqual(
    told,
    Object.values(ExitCode).sort((a, b) => a - b),
  );
});
