import assert from 'node:assert/strict';
import test from 'node:test';
import type { QualysAccess } from '../../src/qualys/access.ts';
import type { Check } from '../../src/check.ts';
import { checkQualys } from '../../src/qualys/check.ts';
import { openRoom, type QualysRoom, userLogin } from '../support/qualys-room.ts';

async function checks(
  room: QualysRoom,
  changes: Partial<QualysAccess> = {},
  templateIds = [changes.templateId ?? room.config.templateId],
): Promise<Check[]> {
  const context = { log: room.log, signal: room.abort.signal, clock: room.clock, env: {} };
  const found: Check[] = [];
  for await (const check of checkQualys({ ...room.config, ...changes }, templateIds, context)) {
    found.push(check);
  }
  return found;
}

test('every step is checked and nothing is launched', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room);
  assert.deepEqual(
    found.map(({ ok }) => ok),
    [true, true, true, true, true, true],
  );
  assert.match(found[0]?.detail ?? '', /127\.0\.0\.1|::1/);
  assert.equal(found[4]?.detail, '"Nightly", Auto/Scan');
  assert.equal(found[5]?.detail, 'version 3.0; 299 calls left of 300 in 1 h');
  assert.equal(room.simulator.launches, 0);
});

test('a version that answers but is not the newest known is warned of', async (t) => {
  const room = await openRoom(t, { versions: { served: ['2.0'], gone: 'page 404' } });
  const last = (await checks(room)).at(-1);
  assert.equal(last?.ok, true);
  assert.match(
    last.detail,
    /^WARNING: version 2\.0 answers, which is not 3\.0, the newest known \(api_version\); /,
  );
});

test('a wrong password fails at the login', async (t) => {
  const room = await openRoom(t);
  const last = (await checks(room, { login: userLogin('mills_ab1', 'wrong') })).at(-1);
  assert.equal(last?.name, 'Qualys login');
  assert.match(last.detail, /Bad Login\/Password.*QC3021/);
});

test('a template of another type fails with the templates that can be used', async (t) => {
  const room = await openRoom(t);
  const last = (await checks(room, { templateId: '535354' })).at(-1);
  assert.match(last?.detail ?? '', /"By hand".*Manual\/Scan.*424242 "Nightly", 535353 "Weekly".*QC3032/);
});

test('an authority that is not trusted fails at TLS and names qualys_ca', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room, { qualysCa: undefined });
  assert.deepEqual(
    found.map(({ ok }) => ok),
    [true, true, false],
  );
  assert.match(found[2]?.detail ?? '', /qualys_ca.*QC3003/);
});

test('a server that nobody runs fails at the connection', async (t) => {
  const room = await openRoom(t);
  await room.simulator.close();
  const found = await checks(room);
  assert.match(found.at(-1)?.detail ?? '', /refused.*QC3002/);
});

test('a name without address fails at the name', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room, { qualysServer: 'https://qualysapi.invalid' });
  assert.equal(found.length, 1);
  assert.match(found[0]?.detail ?? '', /QC300[12]/);
});

test('the web interface in place of the API server is told before anything is sent', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room, { qualysServer: 'https://qualysguard.qualys.eu' });
  assert.deepEqual(found, [
    {
      name: 'Qualys settings',
      ok: false,
      detail:
        'qualys_server is qualysguard.qualys.eu, which is not an API server of Qualys. Set qualys_server to qualysapi.qualys.eu. [QC3006]',
    },
  ]);
});

test('api v1 needs no look at the reports', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room, { api: 'v1' });
  assert.equal(found.length, 6);
  assert.ok(room.simulator.transcript.every(({ url }) => url.startsWith('/msp/')));
});

test('several templates are told one by one, the way to them once', async (t) => {
  const room = await openRoom(t);
  const found = await checks(room, {}, ['424242', '777', '535353']);
  assert.deepEqual(
    found.map(({ name, ok }) => [name, ok]),
    [
      ['Qualys name', true],
      ['Qualys connection', true],
      ['Qualys TLS', true],
      ['Qualys login', true],
      ['Report template 424242', true],
      ['Report template 777', false],
      ['Report template 535353', true],
      ['Report API (v2)', true],
    ],
  );
  assert.equal(room.simulator.transcript.filter(({ url }) => url.startsWith('/msp/about')).length, 1);
});

test('no call left is not well', async (t) => {
  const room = await openRoom(t, { rateLimit: 1 });
  const last = (await checks(room)).at(-1);
  assert.deepEqual([last?.ok, last?.name], [false, 'Report API (v2)']);
  assert.match(last?.detail ?? '', /0 calls left of 1 in 1 h$/);
});
