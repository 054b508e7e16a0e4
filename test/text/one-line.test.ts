import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from '../../src/text/one-line.ts';

test('blanks, line ends and control characters become one blank', () => {
  assert.equal(oneLine('  a\r\n\tb\x1b[31m c  ', 80), 'a b [31m c');
});

test('marks that turn the direction of writing are shown', () => {
  assert.equal(oneLine('a\u202eb', 80), 'a\\u202eb');
});

test('what is too long is cut and says so', () => {
  assert.equal(oneLine('abcdef', 6), 'abcdef');
  assert.equal(oneLine('abcdefg', 6), 'abcdef…');
  assert.equal(oneLine('a'.repeat(1_000_000), 6), 'aaaaaa…');
});
