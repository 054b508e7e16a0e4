import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryXml, type FindingXml, hostXml, reportXml } from '../../support/asset-report.ts';
import { convert } from '../../support/conversion.ts';
import { openDetectionRoom } from '../../support/detections.ts';
import { mapAfter } from '../../support/expected-map.ts';

/** A generator that gives the same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof randomFrom>;

function oneOf<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random(choices.length)] ?? choices[0];
}

interface RandomHost {
  readonly address: string;
  readonly details: string;
  readonly findings: readonly FindingXml[];
}

const QIDS = [0, 11, 105_000, 38_170, 38_171, 90_001, 376_001, 2_147_483_647, 2_147_483_648];

function randomHost(random: Random): RandomHost {
  return {
    // Few addresses, so that some come twice.
    address: `10.0.${random(2)}.${random(12)}`,
    details: oneOf(random, [
      '',
      '<DNS>a.example</DNS>',
      '<NETBIOS>B</NETBIOS><OS>Linux &amp; more</OS>',
      '<DNS/>',
    ]),
    findings: Array.from({ length: random(6) }, () => ({
      qid: QIDS[random(QIDS.length)] ?? 0,
      type: oneOf(random, ['Vuln', 'Practice', 'Ig']),
      status: oneOf(random, ['New', 'Active', 'Re-Opened', 'Fixed']),
      ...(random(2) === 0 ? {} : { port: oneOf(random, [0, 22, 443, 65_535, 65_536]) }),
      ...(random(2) === 0 ? {} : { protocol: oneOf(random, ['tcp', 'udp', 'icmp', 'TCP']) }),
    })),
  };
}

/** The QIDs that glossary and KnowledgeBase have. */
const KNOWN = [11, 38_170, 90_001, 376_001, 2_147_483_647];

/** The severity that both sources give a QID: without a glossary a report has none, which counts as 5. */
function severityOf(qid: number | string): number {
  return KNOWN.includes(Number(qid)) ? (Number(qid) % 5) + 1 : 5;
}

const TYPES: Readonly<Record<string, string>> = { Vuln: 'Confirmed', Practice: 'Potential', Ig: 'Info' };

function detectionXml({ qid, type = '', status = '', port, protocol }: FindingXml, random: Random): string {
  const elements = [
    `<QID>${qid}</QID>`,
    `<TYPE>${TYPES[type] ?? ''}</TYPE>`,
    `<SEVERITY>${severityOf(qid)}</SEVERITY>`,
    `<STATUS>${status === 'Re-Opened' ? oneOf(random, ['Re-Opened', 'Reopened']) : status}</STATUS>`,
    port === undefined ? '' : `<PORT>${port}</PORT>`,
    protocol === undefined ? '' : `<PROTOCOL>${protocol}</PROTOCOL>`,
    oneOf(random, ['', '<SSL>0</SSL>', '<QDS severity="LOW">7</QDS>', '<UNKNOWN><QID>1</QID></UNKNOWN>']),
  ];
  return `<DETECTION>${rotated(elements, random).join('')}</DETECTION>`;
}

function rotated<T>(list: readonly T[], random: Random): T[] {
  const at = random(list.length);
  return [...list.slice(at), ...list.slice(0, at)];
}

function detectionsXml(hosts: readonly RandomHost[], random: Random): string {
  const list = hosts.map(({ address, details, findings }, index) => {
    const detections = findings.map((finding) => detectionXml(finding, random)).join('');
    const elements = [
      `<ID>${index + 1}</ID>`,
      `<IP>${address}</IP>`,
      details,
      `<DETECTION_LIST>${detections}</DETECTION_LIST>`,
      oneOf(random, ['', '<IPV6>null</IPV6>', '<TAGS><TAG><NAME>x</NAME></TAG></TAGS>']),
    ];
    return `<HOST>${rotated(elements, random).join('')}</HOST>`;
  });
  const half = random(list.length + 1);
  const lists = [list.slice(0, half), list.slice(half)].map(
    (part) => `<HOST_LIST>${part.join('')}</HOST_LIST>`,
  );
  return `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE>${lists.join('')}</RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
}

const ENTRIES = KNOWN.map((qid) => ({
  qid,
  title: `Title "${qid}", with <b>marks</b> &amp; more`,
  severity: severityOf(qid),
  cves: qid % 2 === 1 ? [`CVE-2024-${qid}`, 'CVE-2020-0001'] : [],
  bugtraqs: qid === 90_001 ? ['4711'] : [],
}));

function knowledgeXml(): string {
  const ids = (name: string, list: readonly string[]) =>
    `<${name}_LIST>${list.map((id) => `<${name}><ID>${id}</ID></${name}>`).join('')}</${name}_LIST>`;
  const entries = ENTRIES.map(
    ({ qid, title, severity, cves, bugtraqs }) =>
      `<VULN>${ids('CVE', cves)}<QID>${qid}</QID><SEVERITY_LEVEL>${severity}</SEVERITY_LEVEL><TITLE><![CDATA[${title}]]></TITLE><DIAGNOSIS>A threat.</DIAGNOSIS>${ids('BUGTRAQ', bugtraqs)}</VULN>`,
  );
  return `<KNOWLEDGE_BASE_VULN_LIST_OUTPUT><RESPONSE><VULN_LIST>${entries.join('')}</VULN_LIST></RESPONSE></KNOWLEDGE_BASE_VULN_LIST_OUTPUT>`;
}

/** In a report the operating system has another name. */
function reportDetails(details: string): string {
  return details.replaceAll(/(<\/?)OS>/g, '$1OPERATING_SYSTEM>');
}

describe('detections', () => {
  it('make the same commands, map and counts as a report of the same hosts, whatever these are', async (t) => {
    const cases = Array.from({ length: 12 }, (_, seed) => seed);
    for (const seed of cases) {
      const random = randomFrom(seed);
      const hosts = Array.from({ length: random(30) }, () => randomHost(random));
      const settings = {
        findingTypes: new Set(oneOf(random, [['vuln', 'practice', 'ig'], ['vuln'], ['practice', 'ig']])),
        includeFixed: random(2) === 0,
        minSeverity: 1 + random(4),
        withCveOnly: random(4) === 0,
        osAttribute: 'System',
        hostnameAttribute: 'Name',
      };
      const room = await openDetectionRoom(
        t,
        { document: detectionsXml(hosts, random) },
        { knowledgeBase: { document: knowledgeXml() } },
      );
      const read = await room.read(settings);
      const report = reportXml(
        hosts.map(({ address, details, findings }) => hostXml(address, findings, reportDetails(details))),
        ENTRIES.map(entryXml),
      );
      const converted = await convert(t, report, settings);
      assert.deepEqual(read.lines, converted.lines, `seed ${seed}`);
      assert.deepEqual(mapAfter(read.parts), mapAfter(converted.parts), `seed ${seed}`);
      assert.deepEqual(read.counts, converted.counts, `seed ${seed}`);
    }
  });
});
