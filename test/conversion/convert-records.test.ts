import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Conversion } from '../../src/conversion/convert-records.ts';
import { emptyConversionCounts, hostsToConvert } from '../../src/conversion/counts.ts';
import { PART_SIZE } from '../../src/host-input/command-stream.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { entryXml, hostXml, reportFile, reportXml } from '../support/asset-report.ts';
import { convert, defaultConversion, reportSource } from '../support/conversion.ts';
import { recordingLog } from '../support/recording-log.ts';

const rdp = entryXml({
  qid: 90783,
  title: 'Remote Desktop, code "execution"',
  severity: 5,
  threat: 'No login<BR>is needed.',
  cves: ['CVE-2012-0002', 'CVE-2012-0152'],
  bugtraqs: ['52353', '52354'],
});
const timestamps = entryXml({ qid: 82003, title: 'ICMP Timestamps', severity: 1, threat: 'It answers.' });
const rdpLine =
  'AddScanResult,192.0.2.1,"QualysGuard",90783,3389,6,"Remote Desktop code \'execution\'","No login is needed.","cve_ids: CVE-2012-0002 CVE-2012-0152","bugtraq_ids: 52353 52354"';
const rdpFinding = { qid: 90783, port: 3389, protocol: 'tcp' };

test('a report becomes its settings and a unit for each host, in its order', async (t) => {
  const hosts = [
    hostXml('192.0.2.1', [rdpFinding, { qid: 82003 }]),
    hostXml('192.0.2.2', [{ qid: 82003, type: 'PRACTICE', port: 53, protocol: 'udp' }]),
  ];
  const { lines, parts, counts, ofHosts } = await convert(t, reportXml(hosts, [rdp, timestamps]));
  assert.deepEqual(lines, [
    'SetSource,QualysGuard Scan Report',
    rdpLine,
    'AddScanResult,192.0.2.1,"QualysGuard",82003,,,"ICMP Timestamps","It answers.","cve_ids:","bugtraq_ids:"',
    'ScanFlush',
    'AddScanResult,192.0.2.2,"QualysGuard",82003,53,17,"ICMP Timestamps","It answers.","cve_ids:","bugtraq_ids:"',
    'ScanFlush',
  ]);
  assert.deepEqual(
    parts.map((part) =>
      part.kind === 'unit' ? [part.address, part.commands, part.findings, part.ends] : part.kind,
    ),
    ['setting', ['192.0.2.1', 3, 2, true], ['192.0.2.2', 2, 1, true]],
  );
  assert.deepEqual([counts.hosts.converted, counts.findings.converted, ofHosts], [2, 3, 2]);
});

test('domain and source type are said when they are wanted', async (t) => {
  const { lines, parts } = await convert(t, reportXml([], []), {
    domain: 'Global \\ Zürich',
    sourceType: true,
  });
  assert.deepEqual(lines, [
    'SetSource,QualysGuard Scan Report',
    'SetDomain,Global \\ Zurich',
    'SetSourceType,2',
  ]);
  assert.deepEqual(new Set(parts.map(({ kind }) => kind)), new Set(['setting']));
});

test('hosts, their names and systems are added when that is wanted', async (t) => {
  const details =
    '<DNS><![CDATA[www.example.com]]></DNS><OPERATING_SYSTEM><![CDATA[Linux, "2.x" &amp; more]]></OPERATING_SYSTEM>';
  const hosts = [
    hostXml('192.0.2.1', [rdpFinding], details),
    hostXml('192.0.2.2', [], '<NETBIOS>FILES</NETBIOS>'),
    hostXml('192.0.2.3', []),
  ];
  const wanted = { addHost: true, hostnameAttribute: 'Host Name', osAttribute: 'System' };
  const { lines, parts, counts } = await convert(t, reportXml(hosts, [rdp]), wanted);
  assert.deepEqual(lines.slice(1), [
    'AddHost,192.0.2.1',
    'SetAttributeValue,192.0.2.1,Host Name,www.example.com',
    "SetAttributeValue,192.0.2.1,System,Linux '2.x' & more",
    rdpLine,
    'ScanFlush',
    'AddHost,192.0.2.2',
    'SetAttributeValue,192.0.2.2,Host Name,FILES',
    'AddHost,192.0.2.3',
  ]);
  assert.ok(parts.every((part) => part.kind === 'setting' || part.ends));
  assert.equal(counts.hosts.converted, 3);
});

test('information and fixed findings are left out unless they are wanted', async (t) => {
  const findings = [
    { qid: 1, type: 'Ig', status: '' },
    { qid: 2, status: 'FIXED' },
    { qid: 3, status: 'Re-Opened' },
    { qid: 4, type: '' },
  ];
  const document = reportXml([hostXml('192.0.2.1', findings)], []);
  const plain = await convert(t, document);
  assert.deepEqual(qidsOf(plain.lines), ['3']);
  assert.deepEqual(plain.counts.findings.leftOut, {
    type: 2,
    fixed: 1,
    severity: 0,
    qid: 0,
    noCve: 0,
    notExploited: 0,
    host: 0,
    score: 0,
    duplicate: 0,
    invalid: 0,
  });
  const all = await convert(t, document, { findingTypes: new Set(['vuln', 'ig']), includeFixed: true });
  assert.deepEqual(qidsOf(all.lines), ['1', '2', '3']);
});

function qidsOf(lines: readonly string[]): (string | undefined)[] {
  return lines.filter((line) => line.startsWith('AddScanResult')).map((line) => line.split(',')[3]);
}

test('findings below the lowest severity are left out; an unknown severity is none', async (t) => {
  const entries = [1, 2, 3, 4, 5].map((severity) => entryXml({ qid: severity, severity }));
  const findings = [1, 2, 3, 4, 5, 6, 7].map((qid) => ({ qid }));
  const document = reportXml(
    [hostXml('192.0.2.1', findings)],
    [...entries, entryXml({ qid: 6, severity: '' })],
  );
  const { lines, counts } = await convert(t, document, { minSeverity: 4 });
  assert.deepEqual(qidsOf(lines), ['4', '5', '6', '7']);
  assert.equal(counts.findings.leftOut.severity, 3);
  assert.equal(counts.qidsWithoutGlossary, 1);
});

test('the same QID, port and protocol of a host is one finding', async (t) => {
  const findings = [
    { qid: 1, port: 443, protocol: 'tcp' },
    { qid: 1, port: 443, protocol: 'tcp' },
    { qid: 1, port: 443, protocol: 'udp' },
    { qid: 1, port: 8443, protocol: 'tcp' },
    { qid: 1 },
    { qid: 1, protocol: 'tcp' },
    { qid: 2, port: 443, protocol: 'tcp' },
  ];
  const document = reportXml([hostXml('192.0.2.1', findings), hostXml('192.0.2.2', findings)], []);
  const { lines, counts } = await convert(t, document);
  assert.equal(qidsOf(lines).length, 10);
  assert.equal(counts.findings.leftOut.duplicate, 4);
});

test('a finding without a valid QID is left out and counted', async (t) => {
  const { lines, counts } = await convert(t, reportXml([hostXml('192.0.2.1', [{ qid: 'x' }])], []));
  assert.equal(lines.length, 1);
  assert.equal(counts.findings.leftOut.invalid, 1);
  assert.equal(counts.qidsWithoutGlossary, 0);
});

test('a QID that the glossary lacks is sent by its number, counted once and told', async (t) => {
  const document = reportXml([hostXml('192.0.2.1', [{ qid: 7 }, { qid: 7, port: 1, protocol: 'tcp' }])], []);
  const { lines, counts, messages } = await convert(t, document);
  assert.equal(lines[1], 'AddScanResult,192.0.2.1,"QualysGuard",7,,,"QID 7","","cve_ids:","bugtraq_ids:"');
  assert.equal(counts.qidsWithoutGlossary, 1);
  assert.match(messages.join('\n'), /WARNING .*glossary lacks 1 of its QIDs/);
});

test('ids are CVE and Bugtraq numbers, each once; old candidates have become CVEs', async (t) => {
  const entry = entryXml({
    qid: 1,
    cves: [
      'CAN-2004-0791',
      ' cve-2014-0160 ',
      'CVE-2014-0160',
      'CVE-2014-016',
      'CVE-2021-1234567',
      'MS12-020',
      '',
    ],
    bugtraqs: ['13124', '13124', 'BID-5', ' 66690 '],
  });
  const { lines } = await convert(t, reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], [entry]));
  assert.match(
    lines[1] ?? '',
    /,"cve_ids: CVE-2004-0791 CVE-2014-0160 CVE-2021-1234567","bugtraq_ids: 13124 66690"$/,
  );
});

test('the description is cut at a word to its length, or left away', async (t) => {
  const document = reportXml(
    [hostXml('192.0.2.1', [{ qid: 1 }])],
    [entryXml({ qid: 1, title: 'T', threat: 'one two<P>three four' })],
  );
  const cut = await convert(t, document, { descriptionLength: 15 });
  assert.match(cut.lines[1] ?? '', /"T","one two three","cve/);
  const none = await convert(t, document, { descriptionLength: 0 });
  assert.match(none.lines[1] ?? '', /"T","","cve/);
});

test('no line is longer than the Management Center takes: descriptions give way, then titles, never ids', async (t) => {
  const cves = Array.from({ length: 16 }, (_, index) => `CVE-2020-${1000 + index}`);
  const entry = entryXml({ qid: 1, title: 'word '.repeat(30), threat: 'text '.repeat(200), cves });
  const document = reportXml(
    [hostXml('2001:db8:1111:2222:3333:4444:5555:6666', [{ qid: 1, port: 65535, protocol: 'udp' }])],
    [entry],
  );
  for (const maximumLine of [1000, 600, 500, 400, 350]) {
    const { lines } = await convert(t, document, { maximumLine, descriptionLength: 800 });
    assert.ok((lines[1]?.length ?? 0) + 1 <= maximumLine, `${maximumLine}: ${lines[1]?.length ?? 0}`);
    assert.ok(lines[1]?.includes(cves.join(' ')));
  }
  const tooShort = await convert(t, document, { maximumLine: 200 });
  assert.equal(tooShort.counts.findings.leftOut.invalid, 1);
});

test('attribute values give way to the longest line too', async (t) => {
  const details = `<OPERATING_SYSTEM>${'Linux '.repeat(100)}</OPERATING_SYSTEM>`;
  const document = reportXml([hostXml('192.0.2.1', [], details)], []);
  const { lines } = await convert(t, document, { maximumLine: 100, osAttribute: 'OS' });
  assert.ok((lines[1]?.length ?? 0) > 80 && (lines[1]?.length ?? 0) < 100);
});

test('a host without findings has no unit and is counted', async (t) => {
  const document = reportXml(
    [hostXml('192.0.2.1', []), hostXml('192.0.2.2', [{ qid: 1, status: 'Fixed' }])],
    [],
  );
  const { lines, counts, ofHosts } = await convert(t, document);
  assert.equal(lines.length, 1);
  assert.deepEqual([counts.hosts.inReport, counts.hosts.skipped.noFindings, ofHosts], [2, 2, 0]);
});

test('a clean host is cleared when that is wanted, but not what this run found on it', async (t) => {
  const hosts = [hostXml('192.0.2.1', []), hostXml('192.0.2.2', [{ qid: 1 }]), hostXml('192.0.2.2', [])];
  const { lines, counts } = await convert(t, reportXml(hosts, []), { clearCleanHosts: true });
  assert.deepEqual(
    lines.slice(1).map((line) => line.slice(0, 40)),
    [
      'DeleteScanResult,192.0.2.1,"QualysGuard"',
      'ScanUpdate',
      'AddScanResult,192.0.2.2,"QualysGuard",1,',
      'ScanFlush',
    ],
  );
  assert.equal(counts.hosts.skipped.noFindings, 1);
});

test('an address that comes again adds to its first unit', async (t) => {
  const hosts = [
    hostXml('192.0.2.1', [{ qid: 1 }]),
    hostXml('2001:db8:0::1', [{ qid: 1 }]),
    hostXml('192.0.2.3', []),
    hostXml('192.0.2.1', [{ qid: 2 }]),
    hostXml('2001:DB8::1', [{ qid: 2 }]),
    hostXml('192.0.2.3', [{ qid: 2 }]),
  ];
  const { lines, counts } = await convert(t, reportXml(hosts, []));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('Scan')),
    ['ScanFlush', 'ScanFlush', 'ScanUpdate', 'ScanUpdate', 'ScanFlush'],
  );
  assert.equal(counts.hosts.repeated, 2);
});

test('mode update merges every host', async (t) => {
  const { lines } = await convert(t, reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], []), { mode: 'update' });
  assert.equal(lines.at(-1), 'ScanUpdate');
});

test('hosts without a valid address are skipped, counted with their findings, and named up to a number', async (t) => {
  const wrong = Array.from({ length: 25 }, (_, index) => hostXml(`host-${index}`, [{ qid: 1 }]));
  const error = '<HOST><ERROR>No scan &amp; no data</ERROR></HOST>';
  const { lines, counts, messages, ofHosts } = await convert(t, reportXml([error, ...wrong], []));
  assert.equal(lines.length, 1);
  assert.deepEqual(counts.hosts.skipped, { noFindings: 0, invalidAddress: 25, error: 1, excluded: 0 });
  assert.equal(counts.findings.leftOut.invalid, 25);
  const warnings = messages.filter((message) => message.startsWith('WARNING'));
  assert.match(warnings[0] ?? '', /"No scan & no data"/);
  assert.match(warnings[1] ?? '', /"host-0" is no IP address/);
  assert.match(warnings.at(-1) ?? '', /16 more hosts were left out/);
  assert.equal(warnings.length, 11);
  assert.equal(ofHosts, 0);
});

test('a host with very many findings comes in parts, the last of which ends it', async (t) => {
  const findings = Array.from({ length: 2000 }, (_, index) => ({
    qid: 90783,
    port: index + 1,
    protocol: 'tcp',
  }));
  const { parts, lines } = await convert(t, reportXml([hostXml('192.0.2.1', findings)], [rdp]));
  const units = parts.filter((part) => part.kind === 'unit');
  assert.ok(units.length > 3);
  assert.deepEqual(
    units.map(({ ends }) => ends),
    units.map((_, index) => index === units.length - 1),
  );
  assert.ok(units.every(({ text }) => text.length < PART_SIZE + 300));
  assert.equal(
    units.reduce((sum, { findings: found }) => sum + found, 0),
    2000,
  );
  assert.equal(
    units.reduce((sum, { commands }) => sum + commands, 0),
    lines.length - 1,
  );
});

test('units carry what their hosts and findings are, where that is asked for, and silent hosts are told', async (t) => {
  const glossary = [entryXml({ qid: 1, threat: '', severity: 4, title: 'One', cves: ['CVE-2024-0001'] })];
  const document = reportXml(
    [hostXml('192.0.2.1', [{ qid: 1, port: 443, protocol: 'tcp' }, { qid: 2 }]), hostXml('192.0.2.2', [])],
    glossary,
  );
  const silent: string[] = [];
  const { parts } = await convert(t, document, {
    detailed: true,
    onSilentHost: (...told) => silent.push(told.join(' ')),
  });
  const units = parts.filter((part) => part.kind === 'unit');
  assert.deepEqual(
    units.map(({ host, details }) => ({ host, details })),
    [
      {
        host: { name: '', operatingSystem: '' },
        details: [
          {
            qid: 1,
            port: 443,
            protocol: 'tcp',
            type: 'vuln',
            severity: 4,
            title: 'One',
            hasCve: true,
            lineEnd: ',"One","","cve_ids: CVE-2024-0001","bugtraq_ids:"\n',
          },
          {
            qid: 2,
            port: 0,
            protocol: '',
            type: 'vuln',
            severity: undefined,
            title: 'QID 2',
            hasCve: false,
            lineEnd: ',"QID 2","","cve_ids:","bugtraq_ids:"\n',
          },
        ],
      },
    ],
  );
  assert.deepEqual(silent, ['192.0.2.2 nothing']);
  const plain = await convert(t, document);
  assert.ok(plain.parts.every((part) => !('details' in part) && !('host' in part)));
});

test('every host and finding is logged at level 3, and none at level 2', async (t) => {
  const document = [...sampleReport({ hosts: 20 })].join('');
  const debug = await convert(t, document, { level: 3 });
  assert.equal(
    debug.messages.filter((message) => /^DEBUG Host [\d.]+: QID \d+ ".*"/.test(message)).length,
    debug.counts.findings.converted,
  );
  assert.equal(
    debug.messages.filter((message) => /^DEBUG Host .* findings imported/.test(message)).length,
    20,
  );
  const info = await convert(t, document);
  assert.deepEqual(info.messages, [
    'INFO QualysGuard Report Processing Starting',
    `INFO Read the report "Nightly import" generated 2026-01-15T06:00:00Z: 20 hosts, ${info.counts.findings.inReport} findings`,
    'INFO QualysGuard Report Processing Complete',
  ]);
});

test('everything in the report is counted once', async (t) => {
  const document = [...sampleReport({ hosts: 40, seed: 5 })].join('');
  const { counts, lines } = await convert(t, document, { minSeverity: 3 });
  const { leftOut, converted, inReport } = counts.findings;
  assert.ok(leftOut.type > 0 && leftOut.fixed > 0 && leftOut.severity > 0);
  assert.equal(inReport, converted + Object.values(leftOut).reduce((sum, left) => sum + left, 0));
  assert.equal(converted, qidsOf(lines).length);
  const { hosts } = counts;
  assert.equal(
    hosts.inReport,
    hosts.converted + Object.values(hosts.skipped).reduce((sum, left) => sum + left, 0),
  );
});

test('what was lost on the way is told once', async (t) => {
  const document = Buffer.from(
    reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], [entryXml({ qid: 1, title: '😀 \x80' })]),
    'utf8',
  );
  const place = document.indexOf(Buffer.from('\x80', 'utf8'));
  const { counts, messages, lines } = await convert(
    t,
    Buffer.concat([document.subarray(0, place), Buffer.from([0x80]), document.subarray(place + 2)]),
  );
  assert.equal(
    lines[1],
    'AddScanResult,192.0.2.1,"QualysGuard",1,,,"?","A threat.","cve_ids:","bugtraq_ids:"',
  );
  assert.deepEqual([counts.invalidBytes, counts.charactersDropped], [1, 1]);
  assert.equal(messages.filter((message) => message.includes('not valid text')).length, 1);
  assert.equal(messages.filter((message) => message.includes('no ASCII form')).length, 1);
});

test('how many hosts there are is known from the first batch on', async (t) => {
  const counts = emptyConversionCounts();
  const document = reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], []);
  const commands = new Conversion(reportSource(await reportFile(t, document)), {
    config: defaultConversion,
    maximumLine: 65_536,
    log: recordingLog(),
    signal: new AbortController().signal,
    veil: (text) => text,
  }).commands(counts);
  assert.equal(hostsToConvert(counts), undefined);
  for await (const batch of commands) {
    assert.equal(hostsToConvert(counts), 1);
    assert.ok(batch.length > 0);
    break;
  }
});

test('an interruption is heard while hosts that have nothing to say are passed over', async (t) => {
  const interruption = new AbortController();
  const counts = emptyConversionCounts();
  const hosts = Array.from({ length: 5000 }, (_, index) => hostXml(`192.0.2.${index % 256}`, []));
  const file = await reportFile(t, reportXml(hosts, []));
  const commands = new Conversion(reportSource(file, interruption.signal), {
    config: defaultConversion,
    maximumLine: 65_536,
    log: recordingLog(),
    signal: interruption.signal,
    veil: (text) => text,
  }).commands(counts);
  await commands.next();
  const rest = commands.next();
  await setImmediate();
  interruption.abort(new Error('that is enough'));
  await assert.rejects(rest, /that is enough/);
  assert.ok(counts.hosts.skipped.noFindings < 5000, `${counts.hosts.skipped.noFindings}`);
});

test('long texts of others become short lines of the log', async (t) => {
  const long = 'line\n\u202e'.repeat(20_000);
  const hosts = [
    `<HOST><ERROR>${long}</ERROR></HOST>`,
    hostXml(long, []),
    hostXml('192.0.2.1', [{ qid: 1 }]),
  ];
  const document = reportXml(hosts, [entryXml({ qid: 1, title: long })]);
  const { messages } = await convert(t, document.replace('Nightly', long), { level: 3 });
  assert.equal(messages.filter((message) => message.startsWith('WARNING A host is left out')).length, 2);
  for (const message of messages) {
    assert.ok(message.length < 600, `${message.length}`);
    assert.doesNotMatch(message, /[\n\u202e]/);
  }
});

test('a report that is older than max_report_age is warned of, and a younger one is not', async (t) => {
  const document = reportXml([hostXml('192.0.2.1', [{ qid: 1 }])], [entryXml({ qid: 1 })]);
  const days = Math.floor((Date.now() - Date.parse('2026-01-15T06:00:00Z')) / 86_400_000);
  const old = await convert(t, document, { maxReportAge: days - 1 });
  const warnings = (messages: readonly string[]) => messages.filter((text) => text.startsWith('WARNING'));
  assert.deepEqual(warnings(old.messages), [
    `WARNING The report was generated ${days} days ago (max_report_age: ${days - 1}): what is newer is not in it`,
  ]);
  assert.deepEqual(warnings((await convert(t, document, { maxReportAge: days + 1 })).messages), []);
  const undated = document.replace('2026-01-15T06:00:00Z', 'long ago');
  assert.deepEqual(warnings((await convert(t, undated, { maxReportAge: 1 })).messages), []);
});
