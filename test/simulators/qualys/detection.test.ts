import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { Agent, request } from 'undici';
import { AddressRanges } from '../../../src/simulators/qualys/detection/address-ranges.ts';
import type { SimulatedDetections } from '../../../src/simulators/qualys/detection/assets.ts';
import type { SimulatedKnowledgeBase } from '../../../src/simulators/qualys/knowledge-base.ts';
import {
  type PlannedFault,
  type QualysSimulator,
  startQualysSimulator,
} from '../../../src/simulators/qualys/qualys-simulator.ts';
import { SampleHosts } from '../../../src/simulators/sample-hosts.ts';
import { sampleReport } from '../../../src/simulators/sample-report.ts';
import { SAMPLE_VULNERABILITIES } from '../../../src/simulators/sample-vulnerabilities.ts';
import { certificates } from '../../support/certificates.ts';

const DETECTION = '/api/5.0/fo/asset/host/vm/detection/';
const KNOWLEDGE_BASE = '/api/4.0/fo/knowledge_base/vuln/';
const EVERYTHING = { show_igs: '1', status: 'New,Active,Re-Opened,Fixed' };
const HOSTS = 12;

interface Detection {
  readonly qid: string;
  readonly type: string;
  readonly severity: string;
  readonly port?: string;
  readonly status?: string;
  readonly qds?: string;
  readonly results?: string;
}

interface Host {
  readonly id: string;
  readonly ip: string;
  readonly detectionList: { readonly detection: Detection[] };
}

interface Response {
  readonly hostList?: { readonly host: Host[] }[];
  readonly warning?: { readonly code: string; readonly url: string };
  readonly code?: string;
  readonly text?: string;
  readonly vulnList?: {
    readonly vuln: {
      readonly qid: string;
      readonly cveList?: { readonly cve: { readonly id: string }[] };
    }[];
  };
}

const inCamelCase = new Map<string, string>();

/** DETECTION_LIST is detectionList. */
function camelCase(name: string): string {
  const known = inCamelCase.get(name);
  if (known !== undefined) return known;
  const made = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  inCamelCase.set(name, made);
  return made;
}

const parser = new XMLParser({
  parseTagValue: false,
  transformTagName: camelCase,
  isArray: (name) => ['hostList', 'host', 'detection', 'vuln', 'cve', 'vulnInfo'].includes(name),
});

interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly response: Response;
  readonly hosts: readonly Host[];
}

interface Client {
  readonly simulator: QualysSimulator;
  readonly ask: (form?: Record<string, string>, path?: string, method?: 'GET' | 'POST') => Promise<Asked>;
}

async function open(
  t: TestContext,
  detections: Partial<SimulatedDetections> = {},
  more: { faults?: readonly PlannedFault[]; knowledgeBase?: SimulatedKnowledgeBase } = {},
): Promise<Client> {
  const simulator = await startQualysSimulator({
    user: 'u',
    password: 'p',
    templates: [],
    report: () => [],
    detections: { hosts: new SampleHosts({ hosts: HOSTS }), ...detections },
    authority: certificates.qualysAuthority,
    serverIdentity: certificates.qualysServer,
    ...more,
  });
  const dispatcher = new Agent({ connect: { ca: simulator.authority } });
  t.after(async () => {
    await dispatcher.destroy();
    await simulator.close();
  });
  const ask: Client['ask'] = async (form = {}, path = DETECTION, method = 'POST') => {
    const answer = await request(simulator.url + path, {
      dispatcher,
      method,
      body: new URLSearchParams({ action: 'list', ...form }).toString(),
      headers: {
        authorization: `Basic ${btoa('u:p')}`,
        'x-requested-with': 'test',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    const text = await answer.body.text();
    const [root] = Object.values(parser.parse(text) as Record<string, { response?: Response }>).slice(-1);
    const response = root?.response ?? {};
    const hosts = response.hostList?.flatMap(({ host }) => host) ?? [];
    return { status: answer.statusCode, headers: answer.headers, text, response, hosts };
  };
  return { simulator, ask };
}

/** Page after page, as a client does it. */
async function allPages(ask: Client['ask'], form: Record<string, string>): Promise<Host[]> {
  const hosts: Host[] = [];
  for (let idMin: string | null = '0'; idMin !== null;) {
    const { response, hosts: listed } = await ask({ ...form, id_min: idMin });
    hosts.push(...listed);
    idMin = response.warning === undefined ? null : new URL(response.warning.url).searchParams.get('id_min');
  }
  return hosts;
}

function keys(hosts: readonly Host[]): string[] {
  return hosts.flatMap(({ ip, detectionList }) =>
    detectionList.detection.map(({ qid, port = '', status = '' }) => `${ip} ${qid} ${port} ${status}`),
  );
}

function readKeysOfReport(): string[] {
  interface Report {
    readonly assetDataReport: {
      readonly hostList: {
        readonly host: {
          readonly ip: string;
          readonly vulnInfoList: {
            readonly vulnInfo: {
              readonly qid: { readonly '#text': string };
              readonly port?: string;
              readonly vulnStatus?: string;
            }[];
          };
        }[];
      }[];
    };
  }
  const withAttributes = new XMLParser({
    parseTagValue: false,
    transformTagName: camelCase,
    ignoreAttributes: false,
    isArray: (name) => ['hostList', 'host', 'vulnInfo'].includes(name),
  });
  const report = withAttributes.parse([...sampleReport({ hosts: HOSTS })].join('')) as Report;
  return report.assetDataReport.hostList
    .flatMap(({ host }) => host)
    .flatMap(({ ip, vulnInfoList }) =>
      vulnInfoList.vulnInfo.map(
        ({ qid, port = '', vulnStatus = '' }) => `${ip} ${qid['#text']} ${port} ${vulnStatus}`,
      ),
    );
}

const KEYS_OF_REPORT: readonly string[] = readKeysOfReport();

describe('the detections of the Qualys simulator', () => {
  for (const limit of ['0', '1', '5', '12', '1000']) {
    it(`are the findings of the report, in pages of ${limit}`, async (t) => {
      const { ask } = await open(t);
      assert.deepEqual(keys(await allPages(ask, { ...EVERYTHING, truncation_limit: limit })), KEYS_OF_REPORT);
    });
  }

  it('name another server in the address of the next page', async (t) => {
    const { ask } = await open(t);
    const { response } = await ask({ truncation_limit: '5', severities: '3-5' });
    assert.equal(response.warning?.code, '1980');
    const url = new URL(response.warning.url);
    assert.equal(url.hostname, 'qualysapi.elsewhere.invalid');
    assert.equal(url.searchParams.get('severities'), '3-5');
    assert.equal((await ask()).response.warning, undefined);
  });

  it('list some hosts twice, as two trackings see them, without losing a finding', async (t) => {
    const { ask } = await open(t, { twins: 4 });
    const hosts = await allPages(ask, { ...EVERYTHING, truncation_limit: '5' });
    assert.equal(hosts.length, HOSTS + 4);
    assert.deepEqual(keys(hosts).sort(), KEYS_OF_REPORT.toSorted());
    const ids = hosts.map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.toSorted((one, other) => one - other),
    );
  });

  it('are filtered as Qualys filters', async (t) => {
    const { ask } = await open(t, { superseded: [38_170] });
    const found = async (form: Record<string, string>): Promise<Detection[]> =>
      (await ask(form)).hosts.flatMap(({ detectionList }) => detectionList.detection);
    const usual = await found({});
    assert.ok(usual.length > 50);
    assert.ok(usual.every(({ type, status }) => type !== 'Info' && status !== 'Fixed'));
    assert.ok(
      usual.some(({ results }) => results !== undefined) && usual.every(({ qds }) => qds === undefined),
    );
    assert.ok((await found({ show_igs: '1' })).some(({ type }) => type === 'Info'));
    assert.ok((await found({ severities: '4-5' })).every(({ severity }) => Number(severity) >= 4));
    assert.ok((await found({ status: 'Fixed' })).every(({ status }) => status === 'Fixed'));
    assert.ok((await found({ include_vuln_type: 'potential' })).every(({ type }) => type === 'Potential'));
    assert.ok((await found({ show_results: '0' })).every(({ results }) => results === undefined));
    const risky = await found({ show_qds: '1', qds_min: '80' });
    assert.ok(risky.length > 0 && risky.length < usual.length);
    const current = await found({ filter_superseded_qids: '1' });
    assert.deepEqual(
      current.map(({ qid }) => qid),
      usual.map(({ qid }) => qid).filter((qid) => qid !== '38170'),
    );
  });

  it('are those of the hosts in the scope', async (t) => {
    const { ask } = await open(t, {
      assetGroups: [{ id: '7', name: 'Core', addresses: new AddressRanges('192.0.2.2-192.0.2.3') }],
      tags: [
        { id: '8', name: 'Red', addresses: new AddressRanges('192.0.2.0-192.0.2.255') },
        { id: '9', name: 'Old', addresses: new AddressRanges('192.0.2.1') },
      ],
    });
    const addresses = async (form: Record<string, string>): Promise<string[]> =>
      (await ask(form)).hosts.map(({ ip }) => ip);
    assert.deepEqual(await addresses({ ips: '192.0.2.1,198.51.100.2-198.51.100.3' }), [
      '192.0.2.1',
      '198.51.100.2',
      '198.51.100.3',
    ]);
    assert.deepEqual(await addresses({ ag_titles: 'Core' }), ['192.0.2.2', '192.0.2.3']);
    assert.deepEqual(await addresses({ ag_ids: '7', ips: '192.0.2.1' }), [
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
    ]);
    const byName = { use_tags: '1', tag_set_by: 'name' };
    assert.deepEqual(await addresses({ ...byName, tag_set_include: 'Red', tag_set_exclude: 'Old' }), [
      '192.0.2.2',
      '192.0.2.3',
      '192.0.2.4',
    ]);
    assert.deepEqual(
      await addresses({ ...byName, tag_set_include: 'Red,Old', tag_include_selector: 'all' }),
      ['192.0.2.1'],
    );
    assert.equal((await addresses({ max_days_since_last_vm_scan: '3' })).length, 3);
  });

  it('can be of a page without hosts that is not the last', async (t) => {
    const { ask } = await open(t);
    const first = await ask({ truncation_limit: '1', qids: '1', ...EVERYTHING });
    assert.equal(first.response.hostList, undefined);
    assert.notEqual(first.response.warning, undefined);
  });

  it('refuse what Qualys refuses', async (t) => {
    const { ask } = await open(t);
    for (const [form, code] of [
      [{ colour: 'red' }, '1901'],
      [{ action: 'show' }, '1905'],
      [{ ips: '10.0.0' }, '1905'],
      [{ severities: '6' }, '1905'],
      [{ ag_titles: 'Nobody' }, '1905'],
      [{ ag_titles: 'Core', ag_ids: '7' }, '1907'],
      [{ tag_set_include: 'Red' }, '1907'],
      [{ use_tags: '1' }, '1903'],
      [{ use_tags: '1', tag_set_include: '1' }, '1905'],
      [{ qds_min: '50' }, '1907'],
    ] as const) {
      const { status, response } = await ask(form);
      assert.deepEqual([status, response.code], [400, code], JSON.stringify(form));
    }
  });

  it('are asked for with POST, in a version that is served, and counted apart', async (t) => {
    const { ask } = await open(t);
    assert.equal((await ask({}, `${DETECTION}?action=list`, 'GET')).response.code, '1908');
    assert.equal((await ask({}, DETECTION.replace('5.0', '4.0'))).status, 404);
    assert.equal((await ask({}, DETECTION.replace('5.0', '2.0'))).status, 404);
    assert.equal((await ask()).headers['x-ratelimit-remaining'], '296');
    assert.equal((await ask({}, KNOWLEDGE_BASE)).headers['x-ratelimit-remaining'], '299');
  });

  it('come with what is wrong with a page, as often as planned', async (t) => {
    const kinds = ['warning first', 'two host lists', 'null texts', 'another order'] as const;
    const { ask } = await open(t, {}, { faults: kinds.map((kind) => ({ at: 'detection', kind, times: 1 })) });
    const form = { truncation_limit: '3', ...EVERYTHING };
    const [first, lists, nulls, order, good] = [
      await ask(form),
      await ask(form),
      await ask(form),
      await ask(form),
      await ask(form),
    ];
    assert.ok(first.text.indexOf('<WARNING>') < first.text.indexOf('<HOST_LIST>'));
    assert.equal(lists.response.hostList?.length, 3);
    assert.match(nulls.text, /<PORT>null<\/PORT>/);
    assert.match(order.text, /<HOST>\s*<NEWS>/);
    for (const asked of [first, lists, order]) {
      assert.deepEqual(keys(asked.hosts).sort(), keys(good.hosts).sort());
    }
  });

  it('come with an id_min that leads nowhere', async (t) => {
    const { ask } = await open(
      t,
      {},
      {
        faults: [
          { at: 'detection', kind: 'id_min again', times: 1 },
          { at: 'detection', kind: 'id_min missing', times: 1 },
        ],
      },
    );
    const form = { truncation_limit: '3', id_min: '6500008' };
    const idMin = async (): Promise<string | null> =>
      new URL((await ask(form)).response.warning?.url ?? '').searchParams.get('id_min');
    assert.equal(await idMin(), '6500008');
    assert.equal(await idMin(), null);
    assert.equal(await idMin(), '6500029');
  });

  it('fail on pages above a size, and on one host', async (t) => {
    const { ask } = await open(
      t,
      {},
      {
        faults: [
          { at: 'detection', kind: 'simple 999', times: Infinity, above: 6 },
          { at: 'detection', kind: 'page 504', times: Infinity, host: '198.51.100.1' },
        ],
      },
    );
    assert.equal((await ask()).status, 500);
    assert.equal((await ask({ truncation_limit: '6' })).status, 504);
    assert.equal((await ask({ truncation_limit: '1' })).status, 200);
    assert.equal((await ask({ truncation_limit: '6', id_min: '6500009' })).status, 200);
  });

  it('can be a document of the caller', async (t) => {
    const { ask } = await open(t, { document: '<HOST_LIST_VM_DETECTION_OUTPUT/>' });
    assert.equal((await ask()).text, '<HOST_LIST_VM_DETECTION_OUTPUT/>');
  });
});

describe('the KnowledgeBase of the Qualys simulator', () => {
  it('explains the QIDs that are asked for, as far as it knows them', async (t) => {
    const { ask } = await open(t, {}, { knowledgeBase: { unknown: [38_173] } });
    const { response } = await ask({ ids: '38170,38173,177008-177009', details: 'All' }, KNOWLEDGE_BASE);
    assert.deepEqual(
      response.vulnList?.vuln.map(({ qid }) => qid),
      ['38170', '177008'],
    );
    assert.equal(response.vulnList.vuln[1]?.cveList?.cve[0]?.id, 'CVE-2021-3156');
    assert.equal((await ask({ ids: '1' }, KNOWLEDGE_BASE)).response.vulnList, undefined);
    const all = await ask({ details: 'All' }, KNOWLEDGE_BASE);
    assert.equal(all.response.vulnList?.vuln.length, SAMPLE_VULNERABILITIES.length - 1);
  });

  it('refuses what Qualys refuses', async (t) => {
    const { ask } = await open(t);
    assert.equal((await ask({ ids: '1-351' }, KNOWLEDGE_BASE)).response.code, '1905');
    assert.equal((await ask({ ids: 'x' }, KNOWLEDGE_BASE)).response.code, '1905');
    assert.equal((await ask({ colour: 'red' }, KNOWLEDGE_BASE)).response.code, '1901');
    assert.equal((await ask({}, `${KNOWLEDGE_BASE}?action=list`, 'GET')).response.code, '1908');
    assert.equal((await ask({}, KNOWLEDGE_BASE.replace('4.0', '3.0'))).status, 404);
  });
});
