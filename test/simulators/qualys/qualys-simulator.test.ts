import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Agent, type Dispatcher, request } from 'undici';
import { certificates } from '../../support/certificates.ts';
import {
  type QualysSimulator,
  type QualysSimulatorOptions,
  startQualysSimulator,
} from '../../../src/simulators/qualys/qualys-simulator.ts';

const REPORT = '/api/2.0/fo/report/';

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Dispatcher.ResponseData['headers'];
}

interface Client {
  readonly simulator: QualysSimulator;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Reply>;
  readonly post: (path: string, form: Record<string, string>) => Promise<Reply>;
}

async function open(t: TestContext, more: Partial<QualysSimulatorOptions> = {}): Promise<Client> {
  const simulator = await startQualysSimulator({
    user: 'u',
    password: 'p',
    templates: [{ id: '1', title: 'One' }],
    report: () => ['<ASSET_DATA_REPORT>', '</ASSET_DATA_REPORT>'],
    authority: certificates.qualysAuthority,
    serverIdentity: certificates.qualysServer,
    ...more,
  });
  const dispatcher = new Agent({ connect: { ca: simulator.authority } });
  t.after(async () => {
    await dispatcher.destroy();
    await simulator.close();
  });
  const standing = { authorization: `Basic ${btoa('u:p')}`, 'x-requested-with': 'test' };
  const send = async (
    path: string,
    options: { method?: 'POST'; body?: string; headers: Record<string, string> },
  ) => {
    const response = await request(simulator.url + path, { dispatcher, ...options });
    return { status: response.statusCode, text: await response.body.text(), headers: response.headers };
  };
  return {
    simulator,
    get: (path, headers = standing) => send(path, { headers }),
    post: (path, form) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { ...standing, 'content-type': 'application/x-www-form-urlencoded' },
      }),
  };
}

describe('the Qualys simulator', () => {
  it('serves the classic calls', async (t) => {
    const { get } = await open(t);
    assert.match((await get('/msp/about.php')).text, /<WEB-VERSION>/);
    assert.match((await get('/msp/report_template_list.php')).text, /<ID>1<\/ID>\s*<TYPE>Auto<\/TYPE>/);
    const report = await get('/msp/asset_data_report.php?template_id=1');
    assert.equal(report.text, '<ASSET_DATA_REPORT></ASSET_DATA_REPORT>');
    assert.equal(report.headers['content-length'], String(report.text.length));
  });

  it('takes a report through its life', async (t) => {
    const { simulator, post } = await open(t, {
      timeline: { absent: 1, submitted: 1, running: 1, unfetchable: 1 },
    });
    const launched = await post(REPORT, {
      action: 'launch',
      template_id: '1',
      output_format: 'xml',
      report_title: 'T <1>',
    });
    const id = /<KEY>ID<\/KEY>\s*<VALUE>(\d+)/.exec(launched.text)?.[1] ?? '';
    const states: (string | undefined)[] = [];
    for (let look = 0; look < 4; look++) {
      states.push(/<STATE>(\w+)/.exec((await post(REPORT, { action: 'list', id })).text)?.[1]);
    }
    assert.deepEqual(states, [undefined, 'Submitted', 'Running', 'Finished']);
    assert.match((await post(REPORT, { action: 'fetch', id })).text, /<CODE>7001/);
    assert.match((await post(REPORT, { action: 'fetch', id })).text, /^<ASSET_DATA_REPORT>/);
    assert.deepEqual(simulator.alive(), [id]);
    assert.match((await post(REPORT, { action: 'delete', id })).text, /Report deleted/);
    assert.deepEqual([simulator.launches, simulator.deletes, simulator.alive()], [1, 1, []]);
  });

  it('asks of a call what Qualys asks', async (t) => {
    const { get, post } = await open(t);
    const wrong = { authorization: `Basic ${btoa('u:q')}`, 'x-requested-with': 'x' };
    const refused = await get(REPORT, wrong);
    assert.equal(refused.status, 401);
    assert.match(refused.text, /Bad Login\/Password/);
    assert.equal(refused.headers['x-ratelimit-limit'], undefined);
    assert.match((await get('/msp/about.php', wrong)).text, /<GENERIC_RETURN>/);
    assert.equal((await get(REPORT.slice(0, -1))).status, 301);
    assert.equal((await get(REPORT, { authorization: `Basic ${btoa('u:p')}` })).status, 400);
    assert.match((await get(`${REPORT}?action=launch&template_id=1`)).text, /<CODE>1908/);
    assert.match((await post(REPORT, { action: 'list', colour: 'red' })).text, /<CODE>1901.*\n.*colour/);
    assert.match((await post(REPORT, { action: 'delete', id: '7' })).text, /<CODE>1905/);
    assert.match((await post(REPORT, {})).text, /<CODE>1903/);
    assert.equal((await get('/elsewhere')).status, 404);
  });

  it('keeps a transcript without credentials', async (t) => {
    const { simulator, get } = await open(t);
    await get('/msp/about.php');
    const [entry] = simulator.transcript;
    assert.equal(entry?.login, 'right');
    assert.equal(entry.endpoint, 'about');
    assert.equal(entry.headers.authorization, undefined);
    assert.equal(entry.headers['x-requested-with'], 'test');
  });

  it('deals a fault as often as planned, after as many good calls as planned', async (t) => {
    const { get } = await open(t, {
      faults: [{ at: 'about', kind: 'simple 1965', times: 2, after: 1, seconds: 9 }],
    });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) statuses.push((await get('/msp/about.php')).status);
    assert.deepEqual(statuses, [200, 409, 409, 200]);
  });

  it('stays up when a client goes away in the middle', async (t) => {
    const big = 'x'.repeat(1_000_000);
    const { simulator, get } = await open(t, { report: () => [big, big, big] });
    const gone = await request(`${simulator.url}/msp/asset_data_report.php?template_id=1`, {
      dispatcher: new Agent({ connect: { ca: simulator.authority } }),
      headers: { authorization: `Basic ${btoa('u:p')}` },
    });
    gone.body.on('error', () => undefined).destroy();
    assert.equal((await get('/msp/about.php')).status, 200);
  });
});
