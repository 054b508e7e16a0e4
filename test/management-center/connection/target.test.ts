import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BadServerError } from '../../../src/management-center/connection/errors.ts';
import { parseTarget } from '../../../src/management-center/connection/target.ts';

describe('-server takes', () => {
  const good = {
    'fmc.example.com': 'fmc.example.com',
    FMC: 'fmc',
    'fmc.example.com.': 'fmc.example.com',
    host_1: 'host_1',
    '3com.example': '3com.example',
    'bücher.example': 'xn--bcher-kva.example',
    '192.0.2.1': '192.0.2.1',
    '2001:db8::1': '2001:db8::1',
    '[2001:db8::1]': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1%eth0',
    '[fe80::1%eth0]': 'fe80::1%eth0',
    '::ffff:192.0.2.1': '::ffff:192.0.2.1',
  };
  for (const [server, host] of Object.entries(good)) {
    test(server, () => {
      assert.deepEqual(parseTarget(server, 8307, false), { server, host, port: 8307, ipv6: false });
    });
  }
});

describe('-server refuses', () => {
  const bad = {
    '': /empty/,
    ' ': /neither/,
    'fmc example': /neither/,
    'https://fmc.example.com': /URL/,
    'fmc.example.com:8307': /port in it/,
    '192.0.2.1:8307': /port in it/,
    '[2001:db8::1]:8307': /port in it/,
    '[192.0.2.1]': /in brackets/,
    '[fmc]': /in brackets/,
    '[]': /in brackets/,
    '2001:db8::1::2': /neither/,
    '192.0.2': /whole IPv4/,
    '192.0.2.256': /whole IPv4/,
    '192.0.2.1.5': /whole IPv4/,
    '0x7f000001': /whole IPv4/,
    'fmc..example': /neither/,
    '-server': /neither/,
    'user@fmc': /neither/,
    'fmc/path': /neither/,
    'fmc\n': /neither/,
    [`${'a'.repeat(64)}.example`]: /neither/,
    [Array(60).fill('abcde').join('.')]: /neither/,
  };
  for (const [server, reason] of Object.entries(bad)) {
    test(JSON.stringify(server).slice(0, 60), () => {
      assert.throws(() => parseTarget(server, 8307, false), reason);
      assert.throws(() => parseTarget(server, 8307, false), BadServerError);
    });
  }
});

test('an IPv4 address contradicts -ipv6', () => {
  assert.throws(() => parseTarget('192.0.2.1', 8307, true), /QC5040/);
  assert.equal(parseTarget('2001:db8::1', 8307, true).host, '2001:db8::1');
});

test('whatever is given, it is a target or a BadServerError', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (server) => {
      try {
        assert.match(parseTarget(server, 8307, false).host, /^[\x21-\x7e]+$/);
      } catch (error) {
        assert.ok(error instanceof BadServerError);
      }
    }),
  );
});

test('every address is taken as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      assert.equal(parseTarget(address, 8307, false).host, address);
    }),
  );
});
