import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CommandError, commandName, parseCommand } from '../../src/host-input/command.ts';

test('takes a line apart at its commas', () => {
  assert.deepEqual(parseCommand('ScanFlush'), { name: 'ScanFlush', fields: [] });
  assert.deepEqual(parseCommand('AddHost,,01:02:03:04:05:06'), {
    name: 'AddHost',
    fields: ['', '01:02:03:04:05:06'],
  });
  assert.deepEqual(parseCommand('AddHost,192.0.2.1,'), { name: 'AddHost', fields: ['192.0.2.1', ''] });
});

test('takes blanks after commas as no part of a field', () => {
  assert.deepEqual(parseCommand('AddClientApp, 192.0.2.1, "Some Agent" , "0.0"'), {
    name: 'AddClientApp',
    fields: ['192.0.2.1', 'Some Agent', '0.0'],
  });
});

test('lets a field in double quotes hold commas', () => {
  assert.deepEqual(parseCommand('SetOS,"192.0.2.1, 192.0.2.0/24",Vendor').fields, [
    '192.0.2.1, 192.0.2.0/24',
    'Vendor',
  ]);
});

test('finds the command behind an inline map', () => {
  assert.deepEqual(parseCommand('SetMap:My Map, SetOS, 192.0.2.1, Vendor'), {
    name: 'SetOS',
    fields: ['192.0.2.1', 'Vendor'],
  });
  assert.equal(commandName('SetMap:My Map, SetOS, 192.0.2.1, Vendor'), 'SetOS');
  assert.equal(commandName('SetMap:My Map'), 'SetMap');
});

test('refuses quotes that do not pair', () => {
  assert.throws(() => parseCommand('SetOS,"192.0.2.1'), CommandError);
  assert.throws(() => parseCommand('SetOS,"a"b,c'), CommandError);
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
      const parsed = parseCommand(line);
      assert.deepEqual(
        parsed.fields,
        written.map(({ text }) => text),
      );
      assert.equal(commandName(line), 'Name');
    }),
  );
});
