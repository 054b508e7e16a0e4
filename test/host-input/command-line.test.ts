import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CommandLineError, commandName, parseCommandLine } from '../../src/host-input/command-line.ts';

test('takes a line apart at its commas', () => {
  assert.deepEqual(parseCommandLine('ScanFlush'), { name: 'ScanFlush', fields: [] });
  assert.deepEqual(parseCommandLine('AddHost,,01:02:03:04:05:06'), {
    name: 'AddHost',
    fields: ['', '01:02:03:04:05:06'],
  });
  assert.deepEqual(parseCommandLine('AddHost,192.0.2.1,'), { name: 'AddHost', fields: ['192.0.2.1', ''] });
});

test('takes blanks after commas as no part of a field', () => {
  assert.deepEqual(parseCommandLine('AddClientApp, 192.0.2.1, "Some Agent" , "0.0"'), {
    name: 'AddClientApp',
    fields: ['192.0.2.1', 'Some Agent', '0.0'],
  });
});

test('lets a field in double quotes hold commas', () => {
  assert.deepEqual(parseCommandLine('SetOS,"192.0.2.1, 192.0.2.0/24",Vendor').fields, [
    '192.0.2.1, 192.0.2.0/24',
    'Vendor',
  ]);
});

test('finds the command behind an inline map', () => {
  assert.deepEqual(parseCommandLine('SetMap:My Map, SetOS, 192.0.2.1, Vendor'), {
    name: 'SetOS',
    fields: ['192.0.2.1', 'Vendor'],
  });
  assert.equal(commandName('SetMap:My Map, SetOS, 192.0.2.1, Vendor'), 'SetOS');
  assert.equal(commandName('SetMap:My Map'), 'SetMap');
});

test('refuses quotes that do not pair', () => {
  assert.throws(() => parseCommandLine('SetOS,"192.0.2.1'), CommandLineError);
  assert.throws(() => parseCommandLine('SetOS,"a"b,c'), CommandLineError);
});

test('a blank in front belongs to the name, so that it is no known one', () => {
  assert.equal(commandName(' ScanFlush'), ' ScanFlush');
});

test('finds the fields of any line that is written by the rules', () => {
  const plain = fc.string().map((text) => text.replace(/[",\n]/g, '').trim());
  const fields = fc.array(fc.record({ text: plain, quoted: fc.boolean() }));
  fc.assert(
    fc.property(fields, (written) => {
      const line = ['Name', ...written.map(({ text, quoted }) => (quoted ? `"${text}"` : text))].join(',');
      const parsed = parseCommandLine(line);
      assert.deepEqual(
        parsed.fields,
        written.map(({ text }) => text),
      );
      assert.equal(commandName(line), 'Name');
    }),
  );
});
