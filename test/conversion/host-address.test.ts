import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { AddressSet } from '../../src/conversion/address-set.ts';
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

test('a set of addresses holds what was added and nothing else', () => {
  const address = fc.oneof(
    fc.ipV4(),
    // The IPv6 form of an IPv4 address is the same host: not in this test.
    fc
      .ipV6()
      .map((text) => hostAddress(text, '') ?? '')
      .filter((text) => !text.startsWith('::ffff:')),
    fc.constantFrom('::', '0.0.0.0', '::1', '255.255.255.255', '1::'),
  );
  fc.assert(
    fc.property(fc.array(address, { maxLength: 200 }), fc.array(address), (added, others) => {
      const set = new AddressSet();
      const model = new Set<string>();
      for (const text of added) {
        set.add(text);
        model.add(text);
      }
      for (const text of [...added, ...others]) {
        assert.equal(set.has(text), model.has(text), text);
      }
    }),
  );
});
