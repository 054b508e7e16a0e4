import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { addressRanges, backwardRange, qidRanges } from '../../src/config/ranges.ts';

suite('lists of ranges', () => {
  test('QIDs are numbers and ranges', () => {
    const qids = qidRanges('7, 90000-90999,100 - 200');
    const answers = [6, 7, 8, 99, 100, 200, 201, 89_999, 90_000, 90_999, 91_000].map((qid) => qids?.has(qid));
    assert.deepEqual(answers, [false, true, false, false, true, true, false, false, true, true, false]);
    for (const wrong of ['', '0', '7,', '9-7', '1-2-3', 'x', '-5', '4294967296', '1.5']) {
      assert.equal(qidRanges(wrong), undefined, wrong);
    }
  });

  test('addresses are of both versions, alone, as ranges and as networks', () => {
    const hosts = addressRanges(
      '10.0.0.1, 10.0.1.250 - 10.0.2.3, 10.9.0.77/16, fd00::5-fd00::a, 2001:DB8:0::/33',
    );
    const inside = ['10.0.0.1', '10.0.2.0', '10.9.0.0', '10.9.255.255', 'fd00::9', '2001:db8:7fff::1'];
    const outside = [
      '10.0.0.2',
      '10.0.1.249',
      '10.10.0.0',
      'fd00::b',
      '2001:db8:8000::',
      '::a00:1',
      'host',
      '',
    ];
    for (const address of inside) assert.equal(hosts?.has(address), true, address);
    for (const address of outside) assert.equal(hosts?.has(address), false, address);
    const wrongs = [
      '',
      '10.0.0',
      '10.0.0.9-10.0.0.1',
      '10.0.0.0/33',
      '10.0.0.1-fd00::1',
      'fe80::1%eth0',
      'fd00::/129',
      '10.0.0.0/-1',
      '1.1.1.1-2.2.2.2-3.3.3.3',
      'www.example.com',
    ];
    for (const wrong of wrongs) assert.equal(addressRanges(wrong), undefined, wrong);
  });

  test('everything is 0.0.0.0/0 and ::/0, each of its version', () => {
    assert.equal(addressRanges('0.0.0.0/0')?.has('255.255.255.255'), true);
    assert.equal(addressRanges('0.0.0.0/0')?.has('::'), false);
    assert.equal(addressRanges('::/0')?.has('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'), true);
    assert.equal(addressRanges('::/0')?.has('0.0.0.0'), false);
  });

  test("whatever the list, it holds what Node.js' own holds", () => {
    const byte = fc.integer({ min: 0, max: 3 });
    const version4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
    const version6 = fc.tuple(byte, byte, byte).map(([a, b, c]) => `fd0${a}:${b}::${c}`);
    const network = fc.oneof(
      fc.tuple(version4, fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const)),
      fc.tuple(version6, fc.integer({ min: 1, max: 128 }), fc.constant('ipv6' as const)),
    );
    fc.assert(
      fc.property(
        fc.array(network, { minLength: 1, maxLength: 5 }),
        version4,
        version6,
        (networks, four, six) => {
          const ours = addressRanges(networks.map(([address, bits]) => `${address}/${bits}`).join(','));
          const theirs = new BlockList();
          for (const [address, bits, version] of networks) theirs.addSubnet(address, bits, version);
          assert.equal(ours?.has(four), theirs.check(four, 'ipv4'));
          assert.equal(ours.has(six), theirs.check(six, 'ipv6'));
        },
      ),
    );
  });
});

test('a range that runs backwards is found, and nothing else', () => {
  assert.equal(backwardRange('7, 38170-38100'), '38170-38100');
  assert.equal(backwardRange('10.0.0.0/24,10.0.0.9-10.0.0.10, fd00::9-fd00::1'), 'fd00::9-fd00::1');
  for (const sound of ['7-7', '9-10', 'a-b', '1-2-3', '10.0.0.9-10.0.0.10', '']) {
    assert.equal(backwardRange(sound), undefined, sound);
  }
});
