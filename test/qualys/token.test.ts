import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { checkQualys } from '../../src/qualys/check.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { QualysSimulatorOptions } from '../../src/simulators/qualys/qualys-simulator.ts';
import type { SimulatedClient } from '../../src/simulators/qualys/token-desk.ts';
import { stageFor, type TestStage } from '../support/connector.ts';
import { startPlainProxy } from '../support/plain-proxy.ts';
import { openRoom, type QualysRoom } from '../support/qualys-room.ts';
import { runHere } from '../support/run-here.ts';
import { NO_SQUID, startSquid } from '../support/squid.ts';
import { withEnvironment } from '../support/with-environment.ts';

const CLIENT: SimulatedClient = { id: 'client-4711', secret: "s'cret/of+client" };

/** A run of the command into a CSV file as an OAuth client; whatever happens, no secret and no token is shown. */
async function runAs(
  t: TestContext,
  client: SimulatedClient,
  {
    qualys = {},
    yaml = [],
    edit,
  }: Partial<Parameters<typeof stageFor>[1]> & {
    edit?: (yaml: string) => string;
  } = {},
) {
  const stage = await stageFor(t, { hosts: 3, qualys: { client, ...qualys }, yaml });
  if (edit) await writeFile(stage.files.yaml, edit(await readFile(stage.files.yaml, 'utf8')));
  const ended = await runHere(t, stage.directory, [stage.plugininfo, '-csvfile=Output.csv', '-level=3']);
  assertQuiet(ended.stdout, stage);
  return { ...ended, stage };
}

function assertQuiet(output: string, { qualys }: TestStage): void {
  const seen = output + qualys.transcript.map((entry) => JSON.stringify(entry)).join('');
  assert.ok(!seen.includes(CLIENT.secret) && !/eyJ|Bearer/.test(seen), seen);
  assert.ok(qualys.launches <= 1);
  assert.deepEqual(qualys.alive(), []);
}

/** The same in a room whose time is fake. */
async function roomFor(
  t: TestContext,
  client: SimulatedClient = CLIENT,
  simulated: Partial<QualysSimulatorOptions> = {},
): Promise<QualysRoom> {
  const room = await openRoom(t, { client, ...simulated });
  const { id, secret, level = 'user' } = client;
  const login = { kind: 'client', name: id, secret: new Secret(secret), level } as const;
  return { ...room, config: { ...room.config, login, gateway: room.simulator.url } };
}

function download(room: QualysRoom) {
  return room.download(room.config);
}

describe('an OAuth client', () => {
  for (const level of ['user', 'subscription'] as const) {
    it(`of the level ${level} downloads with one token`, async (t) => {
      const { code, stdout, stage } = await runAs(t, { ...CLIENT, level });
      assert.equal(code, 0, stdout);
      assert.equal(stage.qualys.tokens, 1);
    });
  }

  it('gets a new token whenever its own dies, between launch, list and fetch', async (t) => {
    const { code, stdout, stage } = await runAs(t, { ...CLIENT, calls: 1 });
    assert.equal(code, 0, stdout);
    assert.equal(stage.qualys.launches, 1);
    assert.ok(stage.qualys.tokens >= 4);
  });

  it('reaches gateway and API through the proxy', async (t) => {
    const proxy = await startPlainProxy(t);
    const { code, stdout, stage } = await runAs(t, CLIENT, {
      yaml: [`proxy: http://127.0.0.1:${proxy.port}`],
    });
    assert.equal(code, 0, stdout);
    assert.deepEqual(new Set(proxy.connects), new Set([`localhost:${stage.qualys.port}`]));
  });

  it('reaches gateway and API through a real squid that asks who it is', { skip: NO_SQUID }, async (t) => {
    const login = { user: 'gate', password: 'keeper' };
    const squid = await startSquid(t, { login });
    const yaml = [`proxy: http://127.0.0.1:${squid.port}`, 'proxy_user: gate', 'proxy_password: keeper'];
    const { code, stdout, stage } = await runAs(t, CLIENT, { yaml });
    assert.equal(code, 0, stdout);
    assert.equal(stage.qualys.tokens, 1);
    assert.match(await squid.accesses(), new RegExp(`CONNECT localhost:${stage.qualys.port}`));
  });

  it('is told of a wrong secret, which is tried once', async (t) => {
    const edit = (yaml: string): string => yaml.replace(/client_secret: .*/, 'client_secret: wrong-one');
    const { code, stdout, stage } = await runAs(t, CLIENT, { edit });
    assert.equal(code, 2);
    assert.match(stdout, /gives this OAuth client no token: HTTP 401 .*client_level.*\[QC3028\]/);
    assert.equal(stage.qualys.transcript.length, 1);
    assert.ok(!stdout.includes('wrong-one'));
  });

  it('with a secret that no header can carry is told so before anything is asked', async (t) => {
    withEnvironment(t, { QUALYS_CLIENT_SECRET: `${CLIENT.secret}\n` });
    const { code, stdout, stage } = await runAs(t, CLIENT);
    assert.equal(code, 2);
    assert.match(stdout, /control character.*\[QC2010\]/);
    assert.equal(stage.qualys.transcript.length, 0);
  });

  it('can have its secret in the environment', async (t) => {
    withEnvironment(t, { QUALYS_CLIENT_SECRET: CLIENT.secret });
    const edit = (yaml: string): string => yaml.replace(/client_secret: .*/, '');
    const { code, stdout } = await runAs(t, CLIENT, { edit });
    assert.equal(code, 0, stdout);
  });

  for (const [line, message] of [
    ['user_id: someone', /'user_id' and 'client_id' both say how to log in.*QC2007/],
    ['client_secret_file: x', /both say the secret.*QC2007/],
  ] as const) {
    it(`is not mixed with other logins: ${line}`, async (t) => {
      const { code, stdout, stage } = await runAs(t, CLIENT, { yaml: [line] });
      assert.equal(code, 2);
      assert.match(stdout, message);
      assert.equal(stage.qualys.transcript.length, 0);
    });
  }

  it('needs a gateway where the API server does not tell it', async (t) => {
    const edit = (yaml: string): string => yaml.replace(/gateway: .*/, '');
    const { code, stdout } = await runAs(t, CLIENT, { edit });
    assert.equal(code, 2);
    assert.match(stdout, /Set gateway.*\[QC3016\]/);
  });

  it('renews its token a minute before its end', async (t) => {
    const timeline = { running: 8 };
    const room = await roomFor(t, { ...CLIENT, seconds: 120 }, { timeline });
    await download(room);
    const waited = room.clock.sleeps.reduce((sum, pause) => sum + pause, 0) / 1000;
    assert.ok(waited > 120);
    assert.equal(room.simulator.tokens, 1 + Math.floor(waited / 60) - (waited % 60 === 0 ? 1 : 0));
    assert.ok(
      room.simulator.transcript.every(({ login, endpoint }) => endpoint === 'token' || login === 'right'),
    );
  });

  it('keeps a token that does not say until when it holds', async (t) => {
    const room = await roomFor(t, { ...CLIENT, seconds: Infinity }, { timeline: { running: 8 } });
    await download(room);
    assert.equal(room.simulator.tokens, 1);
  });

  it('whose fresh token is refused is told so, with no other one fetched', async (t) => {
    const room = await roomFor(t, { ...CLIENT, calls: 0 });
    await assert.rejects(
      download(room),
      /Bad Login.*token that localhost:\d+ does not take: .*right to use VM.*QC3021/,
    );
    assert.equal(room.simulator.tokens, 1);
  });

  it('learns of a wrong template only from Qualys, where its list takes no token', async (t) => {
    const room = await roomFor(t, CLIENT, { wrongTemplate: 'simple 1905' });
    await assert.rejects(room.download({ ...room.config, templateId: '1' }), /QC3025/);
    assert.equal(room.simulator.launches, 0);
  });
});

describe('a gateway', () => {
  it('that answers with a web page is none', async (t) => {
    const room = await roomFor(t, CLIENT, { faults: [{ at: 'token', kind: 'page 200', times: Infinity }] });
    await assert.rejects(
      download(room),
      /does not answer as a Qualys gateway does: HTTP 200 .*"\. Check.*QC3017/,
    );
    assert.equal(room.simulator.transcript.length, 1);
  });

  it("may give its token in OAuth's own form", async (t) => {
    const room = await roomFor(t, { ...CLIENT, form: 'json' });
    await download(room);
    assert.equal(room.simulator.tokens, 1);
  });

  it('that fails for a while is asked again', async (t) => {
    const faults = (['page 503', 'reset', 'http 429'] as const).map(
      (kind) => ({ at: 'token', kind, times: 1 }) as const,
    );
    const room = await roomFor(t, CLIENT, { faults });
    await download(room);
    assert.equal(room.simulator.launches, 1);
  });

  it('that fails when the token is renewed after the launch leaves nothing behind', async (t) => {
    const faults = [{ at: 'token', kind: 'page 403', times: Infinity, after: 1 }] as const;
    const room = await roomFor(t, { ...CLIENT, calls: 1 }, { faults });
    await assert.rejects(download(room), /QC3028/);
    assert.equal(room.simulator.transcript.filter(({ endpoint }) => endpoint === 'token').length, 2);
    assert.match(room.log.messages('warning').at(-1) ?? '', /report 4888001 could not be deleted/);
  });

  it('that repeats the secret does not get it shown', async (t) => {
    const words = `clientSecret ${encodeURIComponent(CLIENT.secret)} ${CLIENT.secret} of ${CLIENT.id}`;
    const room = await roomFor(t, CLIENT, { faults: [{ at: 'token', kind: 'page 403', times: 1, words }] });
    await assert.rejects(download(room), (error) => {
      assert.match(String(error), /clientSecret \*\*\* \*\*\* of \*\*\*/);
      return true;
    });
  });

  it('whose token the API repeats does not get it shown', async (t) => {
    const token = `eyJ${Buffer.from('{"alg":"none"}').toString('base64url')}.eyJpYXQ.c2lnbg`;
    const faults = [{ at: 'launch', kind: 'page 403', times: 1, words: `Bearer ${token} denied` }] as const;
    const room = await roomFor(t, CLIENT, { faults });
    await assert.rejects(download(room), /Bearer \*\*\* denied/);
  });
});

describe('a token that is no JWT', () => {
  for (const [how, form] of [
    ['percent-encoded', encodeURIComponent],
    ['in capitals', (token: string) => token.toUpperCase()],
    ['in Base64', (token: string) => Buffer.from(token).toString('base64')],
  ] as const) {
    it(`is not shown ${how}`, async (t) => {
      const token = 'opaquetoken+abc/0123456789';
      const words = `refused ${form(token)}.`;
      const faults = [{ at: 'launch', kind: 'page 403', times: 1, words }] as const;
      const room = await roomFor(t, { ...CLIENT, token }, { faults });
      await assert.rejects(download(room), /refused \*\*\*/);
    });
  }
});

describe('-test of an OAuth client', () => {
  async function checks(room: QualysRoom) {
    const context = { log: room.log, signal: room.abort.signal, clock: room.clock, env: {} };
    const found = [];
    for await (const check of checkQualys(room.config, ['424242'], context)) found.push(check);
    return found;
  }

  it('tells of the gateway, until when the token holds, and passes over the list of templates', async (t) => {
    const found = await checks(await roomFor(t));
    assert.deepEqual(
      found.map(({ name, ok }) => [name, ok]),
      [
        'Qualys gateway',
        'Qualys token',
        'Qualys name',
        'Qualys connection',
        'Qualys TLS',
        'Qualys login',
        'Report template',
        'Report API (v2)',
      ].map((name) => [name, true]),
    );
    assert.match(found[0]?.detail ?? '', /^localhost:\d+: answers$/);
    assert.match(found[1]?.detail ?? '', /^of client-4711: holds until 2026-01-31T06:00:0\d/);
    assert.match(found[6]?.detail ?? '', /takes no token/);
  });

  it('looks at the template where the list takes a token', async (t) => {
    const found = await checks(await roomFor(t, { ...CLIENT, classic: true }));
    assert.match(found[6]?.detail ?? '', /Nightly/);
  });

  it('fails at the token with a wrong secret, at the gateway where there is none', async (t) => {
    const room = await roomFor(t);
    const login = { kind: 'client', name: CLIENT.id, secret: new Secret('no'), level: 'user' } as const;
    const refused = await checks({ ...room, config: { ...room.config, login } });
    assert.deepEqual([refused.at(-1)?.name, refused.at(-1)?.ok], ['Qualys token', false]);
    const config = { ...room.config, tokens: {}, gateway: 'https://localhost:1' };
    const unreached = await checks({ ...room, config });
    assert.deepEqual([unreached.at(-1)?.name, unreached.at(-1)?.ok], ['Qualys gateway', false]);
  });
});
