import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { getopt } from '../../src/cli/getopt.ts';
import { OPTION_TABLES } from '../../src/cli/option-table.ts';
import { type Answer, askPerl, commandLines, ourAnswer } from './perl-getopt.ts';

const [ORIGINAL_OPTIONS] = OPTION_TABLES;
const ALL_OPTIONS = OPTION_TABLES.flat();

suite('getopt', () => {
  test('answers 5,000 random command lines as real Perl does', (context) => {
    const lines = commandLines(8307, 5_000);
    const answers = askPerl(lines);
    if (answers === undefined) {
      context.skip('perl is not installed here');
      return;
    }
    assert.equal(answers.length, lines.length);
    for (const answer of answers) assert.deepEqual(ourAnswer(answer.words), answer);
    const bad = answers.filter(({ messages }) => messages.length > 0).length;
    assert.ok(bad > 500 && bad < 4_500, `good and bad ones: ${bad} of 5,000 are bad`);
  });

  test('answers as Perl did when its answers were recorded', () => {
    const file = new URL('../../../test/cli/getopt-answers.jsonl', import.meta.url);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const answers = lines.map((line) => JSON.parse(line) as Answer);
    assert.ok(answers.length >= 200);
    for (const answer of answers) assert.deepEqual(ourAnswer(answer.words), answer);
  });

  test('no new option changes what any abbreviation of an original option means', () => {
    for (const { name } of ORIGINAL_OPTIONS) {
      for (let length = 1; length <= name.length; length += 1) {
        const words = [`-${name.slice(0, length)}`, '1'];
        assert.deepEqual(getopt(words, OPTION_TABLES), getopt(words, [ORIGINAL_OPTIONS]));
      }
    }
  });

  test('every option of ours is reached by its full name', () => {
    for (const { name, value } of ALL_OPTIONS) {
      const words = value === 'none' ? [`-${name}`] : [`-${name}=1`];
      assert.deepEqual([...getopt(words, OPTION_TABLES).options.keys()], [name]);
    }
  });

  test('no option is named twice', () => {
    const names = ALL_OPTIONS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  test('a prefix that only fits ours is looked up among ours', () => {
    assert.deepEqual([...getopt(['-fing=x'], OPTION_TABLES).options], [['fingerprint', 'x']]);
    assert.deepEqual(getopt(['-f'], OPTION_TABLES).messages, ['Option f is ambiguous (fingerprint, force)']);
  });
});
