import assert from 'node:assert/strict';
import test from 'node:test';
import { hostAddress } from '../../src/conversion/host-address.ts';

test('an address is IPv4, or IPv6 in its shortest form', () => {
  assert.equal(hostAddress('192.0.2.1', ''), '192.0.2.1');
  assert.equal(hostAddress('2001:0DB8:0:0:0:0:0:0001', ''), '2001:db8::1');
  assert.equal(hostAddress('::ffff:192.0.2.1', ''), '::ffff:c000:201');
});

test('a filled v6 attribute goes before the text', () => {
  assert.equal(hostAddress('0.0.0.1', '2001:db8::1'), '2001:db8::1');
  assert.equal(hostAddress('192.0.2.1', 'none'), '192.0.2.1');
});

test('everything else is no address', () => {
  for (const text of [
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    'host.example.com',
    '192.0.2.0/24',
    'fe80::1%eth0',
    '192.0.2.1,x',
  ]) {
    assert.equal(hostAddress(text, ''), undefined, text);
  }
});
