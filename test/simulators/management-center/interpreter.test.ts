import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interpreter } from '../../../src/simulators/management-center/interpreter.ts';
import {
  NetworkMap,
  type NetworkMapData,
  type ScanResult,
} from '../../../src/simulators/management-center/network-map.ts';

/** Runs the lines on one connection, without ending it. */
function run(
  lines: readonly string[],
  map = new NetworkMap(['Name']),
  strict = false,
): Interpreter & { errors: readonly string[] } {
  const interpreter = new Interpreter(map, strict);
  const { errors } = interpreter.run(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return Object.assign(interpreter, { errors });
}

function finding(qid: number, address = '192.0.2.1', scanner = 'Q'): string {
  return `AddScanResult,${address},"${scanner}",${qid},80,tcp,"Title","","cve_ids: CVE-2020-1234","bugtraq_ids:"`;
}

function vulnerabilities(data: NetworkMapData, address = '192.0.2.1', scanner = 'Q'): string[] {
  const results: Record<string, ScanResult> = data.hosts[address]?.results[scanner] ?? {};
  return Object.values(results).map(({ vulnerability }) => vulnerability);
}

test('findings wait for ScanFlush or ScanUpdate', () => {
  const map = new NetworkMap();
  const interpreter = run([finding(1)], map);
  assert.deepEqual(vulnerabilities(map.toData()), []);
  interpreter.run(Buffer.from('ScanFlush\n'));
  assert.deepEqual(vulnerabilities(map.toData()), ['1']);
});

test('ScanFlush replaces what this scanner had found on this host', () => {
  const map = new NetworkMap();
  run([finding(1), finding(1, '192.0.2.2'), finding(1, '192.0.2.1', 'Other'), 'ScanFlush'], map);
  run([finding(2), 'ScanFlush'], map);
  assert.deepEqual(vulnerabilities(map.toData()), ['2']);
  assert.deepEqual(vulnerabilities(map.toData(), '192.0.2.2'), ['1']);
  assert.deepEqual(vulnerabilities(map.toData(), '192.0.2.1', 'Other'), ['1']);
});

test('ScanUpdate, and the end of the connection, merge', () => {
  const map = new NetworkMap();
  run([finding(1), 'ScanFlush', finding(2), 'ScanUpdate'], map);
  run([finding(3)], map).end();
  assert.deepEqual(vulnerabilities(map.toData()), ['1', '2', '3']);
});

test('DeleteScanResult takes effect at the next ScanUpdate', () => {
  const map = new NetworkMap();
  run([finding(1), finding(2), 'ScanFlush'], map);
  const interpreter = run(['DeleteScanResult,192.0.2.1,"Q",1'], map);
  assert.deepEqual(vulnerabilities(map.toData()), ['1', '2']);
  interpreter.run(Buffer.from('ScanUpdate\n'));
  assert.deepEqual(vulnerabilities(map.toData()), ['2']);
  run(['DeleteScanResult,192.0.2.1,"Q"', 'ScanUpdate'], map);
  assert.deepEqual(map.toData().hosts['192.0.2.1']?.results, {});
});

test('keeps a finding with all its fields', () => {
  const map = new NetworkMap();
  run(
    [
      'AddScanResult,2001:db8::1,"Q",7,443,udp,"T","D","cve_ids: CVE-2020-1234 CVE-2021-12345","bugtraq_ids: 1 2"',
      'ScanFlush',
    ],
    map,
  );
  assert.deepEqual(map.toData().hosts['2001:db8::1']?.results.Q, {
    '7 443/udp': {
      vulnerability: '7',
      port: '443',
      protocol: 'udp',
      name: 'T',
      description: 'D',
      cveIds: ['CVE-2020-1234', 'CVE-2021-12345'],
      bugtraqIds: ['1', '2'],
    },
  });
});

test('hosts, attributes, operating systems and services are kept', () => {
  const map = new NetworkMap(['Name']);
  const { errors } = run(
    [
      'AddHost,192.0.2.1,01:02:03:04:05:06',
      'SetAttributeValue,192.0.2.1,Name,web',
      'AddHostAttribute,Owner,text',
      'SetAttributeValue,"192.0.2.1,192.0.2.2",Owner,Operations',
      'SetMap:Mine, SetOS, 192.0.2.1, Vendor, Product, 1',
      'AddService,192.0.2.1,443,tcp,https',
      'AddClientApp, 192.0.2.1, "Agent", "Tool", "0.0"',
      'AddHost,192.0.2.9',
      'DeleteHost,192.0.2.9',
    ],
    map,
  );
  assert.deepEqual(errors, []);
  const { hosts } = map.toData();
  assert.deepEqual(Object.keys(hosts), ['192.0.2.1', '192.0.2.2']);
  assert.equal(hosts['192.0.2.1']?.mac, '01:02:03:04:05:06');
  assert.deepEqual(hosts['192.0.2.1'].attributes, { Name: 'web', Owner: 'Operations' });
  assert.deepEqual(hosts['192.0.2.1'].operatingSystem, ['Vendor', 'Product', '1']);
  assert.deepEqual(hosts['192.0.2.1'].services, { '443/tcp': ['https'] });
  assert.deepEqual(hosts['192.0.2.1'].clientApplications, ['Agent']);
});

test('more than a hundred services on a host are ignored', () => {
  const map = new NetworkMap();
  run(
    Array.from({ length: 150 }, (_, index) => `AddService,192.0.2.1,${index + 1},tcp`),
    map,
  );
  assert.equal(Object.keys(map.toData().hosts['192.0.2.1']?.services ?? {}).length, 100);
});

const faulty: [line: string, told: RegExp][] = [
  ['AddScanResult,192.0.2.0/24,"Q",1', /is not an IP address/],
  ['AddScanResult,192.0.2.1,"Q",CVE-1', /is not a vulnerability id/],
  ['AddScanResult,192.0.2.1,"Q",1,0,tcp', /'0' is not a port/],
  ['AddScanResult,192.0.2.1,"Q",1,80,icmp', /'icmp' is not a protocol/],
  ['AddScanResult,192.0.2.1,"Q",1,80,tcp,"","","CVE-2020-1","bugtraq_ids:"', /is not a list of CVE ids/],
  ['AddScanResult,192.0.2.1,"Q",1,80,tcp,"","","cve_ids:","bugtraq_ids: x"', /is not a list of Bugtraq ids/],
  ['AddScanResult,192.0.2.1,,1', /required field is empty/],
  ['AddHost,192.0.2.1,xx', /is not a MAC address/],
  ['SetSourceType,4', /is not one of 2, 3/],
  ['SetAttributeValue,192.0.2.1,Nobody,x', /there is no host attribute 'Nobody'/],
  ['SetOS,"192.0.2.1,nowhere",x', /'nowhere' is not an IP address, block or range/],
  ['AddHost,"192.0.2.1', /never closed/],
  ['AddFix,192.0.2.1', /1 fields instead of 4/],
  ['ScanFlush\r', /carriage return/],
];

for (const [line, told] of faulty) {
  test(`complains of ${JSON.stringify(line)} with the line's number`, () => {
    const { errors } = run(['SetSource,Test', line]);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', told);
    assert.ok(errors[0]?.startsWith('Line 2: '));
  });
}

test('counts commands, not comments, blank lines or what it does not know', () => {
  const block = '# comment\n\nSetSource,Test\n ScanUpdate\nNonsense\nScanFlush';
  const silent = new Interpreter(new NetworkMap(), false);
  assert.deepEqual(silent.run(Buffer.from(block)), { processed: 2, errors: [] });
  assert.deepEqual(silent.discarded, [' ScanUpdate', 'Nonsense']);
  assert.equal(new Interpreter(new NetworkMap(), true).run(Buffer.from(block)).errors.length, 2);
});

test('settings hold for the connection', () => {
  const { settings } = run(['SetSource,One', 'SetDomain,Global', 'SetSource,Two']);
  assert.deepEqual(Object.fromEntries(settings), { SetSource: 'Two', SetDomain: 'Global' });
});
