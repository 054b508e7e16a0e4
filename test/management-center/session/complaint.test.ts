import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeComplaint } from '../../../src/management-center/session/complaint.ts';

const block = Buffer.from(
  'SetSource,Test\nAddHost,192.0.2.1\nAddHost,192.0.2.10\nAddHost,2001:db8::7\nScanFlush\n',
);

test('shows the line that a complaint names by number', () => {
  assert.deepEqual(describeComplaint('Line 2: bad\n', block), ['Line 2: bad <- AddHost,192.0.2.1']);
  assert.deepEqual(describeComplaint('error at line #3', block), ['error at line #3 <- AddHost,192.0.2.10']);
});

test('shows the first line about an address that a complaint names', () => {
  assert.deepEqual(describeComplaint('no host 192.0.2.10', block), [
    'no host 192.0.2.10 <- AddHost,192.0.2.10',
  ]);
  assert.deepEqual(describeComplaint('no host 2001:db8::7', block), [
    'no host 2001:db8::7 <- AddHost,2001:db8::7',
  ]);
});

test('shows the line that a complaint quotes, whole or cut, before the first one about its address', () => {
  const lines = ['AddHost,192.0.2.1', 'AddScanResult,192.0.2.1,"Q",7', 'AddScanResult,192.0.2.1,"Q",8'];
  const several = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (const [said, meant] of [
    [`CR in ${lines[2]}`, lines[2]],
    ['CR in AddScanResult,192.0.2.1,"Q",...', lines[1]],
    ['AddScanResult: not taken for 192.0.2.1', lines[1]],
    ['SetOS: not taken for 192.0.2.1', lines[0]],
  ] as const) {
    assert.deepEqual(describeComplaint(said, several), [`${said} <- ${meant}`]);
  }
  const other = 'bad AddHost,192.0.2.10';
  assert.deepEqual(describeComplaint(other, several), [other]);
});

test('shows a complaint alone that names no line of the block', () => {
  for (const text of ['Oops', 'Line 99: bad', 'Line 0: bad', 'no host 198.51.100.1']) {
    assert.deepEqual(describeComplaint(text, block), [text]);
  }
});

test('makes control characters harmless and cuts what is long', () => {
  const [line] = describeComplaint(`\u001b]0;x\u0007 a\rb\u009bc\u202ed ${'y'.repeat(1000)}`, block);
  assert.doesNotMatch(line ?? '', /[\p{Cc}\u202e]/u);
  assert.ok((line ?? '').length < 310);
});

test('shows the first lines of many and counts the others', () => {
  const lines = describeComplaint('x\n'.repeat(2000), block);
  assert.equal(lines.length, 11);
  assert.equal(lines.at(-1), '(and 1990 more lines like these)');
});

test('a line without end takes no time that grows with its square', () => {
  assert.equal(describeComplaint('a'.repeat(2_000_000), block).length, 1);
});
