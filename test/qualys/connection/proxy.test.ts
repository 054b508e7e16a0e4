import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Secret } from '../../../src/secrets/secret.ts';
import { noProgress } from '../../../src/progress.ts';
import { startPlainProxy, tunnel } from '../../support/plain-proxy.ts';
import { openRoom, type QualysRoom } from '../../support/qualys-room.ts';
import { SMALL_REPORT } from '../../support/small-report.ts';
import { NO_SQUID, startSquid } from '../../support/squid.ts';

const LOGIN = { user: 'gate keeper', password: 'p:w%/äx' };

type Download = Parameters<QualysRoom['download']>;

async function comes(room: QualysRoom, ...how: Download): Promise<void> {
  const report = await room.download(...how);
  assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
  assert.ok(!room.log.text().includes(LOGIN.password));
  await report.close();
}

async function fails(room: QualysRoom, message: RegExp, ...how: Download): Promise<void> {
  await assert.rejects(room.download(...how), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.ok(
      !error.message.includes(LOGIN.password) && !error.message.includes(encodeURIComponent(LOGIN.password)),
    );
    return true;
  });
  assert.deepEqual(room.spooled(), []);
}

describe('a real squid', { skip: NO_SQUID }, () => {
  it('tunnels', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t)];
    await comes(room, { proxy: `http://127.0.0.1:${squid.port}` });
    assert.match(await squid.accesses(), new RegExp(`CONNECT localhost:${room.simulator.port}`));
  });

  it('takes user and password from the settings, the URL or the environment', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t, { login: LOGIN })];
    const { user, password } = LOGIN;
    await comes(room, {
      proxy: `http://127.0.0.1:${squid.port}`,
      proxyUser: user,
      proxyPassword: new Secret(password),
    });
    await comes(room, {
      proxy: `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${squid.port}`,
    });
    await comes(room, { proxy: `http://127.0.0.1:${squid.port}` }, noProgress, {
      HTTPS_PROXY_USERNAME: user,
      HTTPS_PROXY_PASSWORD: password,
    });
  });

  it('that refuses the password is told apart from Qualys', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t, { login: LOGIN })];
    const proxy = `http://127.0.0.1:${squid.port}`;
    await fails(room, /refused its user or password \(407.*proxy_user.*QC3011/, {
      proxy,
      proxyUser: LOGIN.user,
      proxyPassword: new Secret('wrong'),
    });
    await fails(room, /wants a user and password \(407.*QC3011/, { proxy });
    assert.equal(room.simulator.transcript.length, 0);
  });

  it('may speak TLS itself', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t, { tls: true, login: LOGIN })];
    const secure = { proxyUser: LOGIN.user, proxyPassword: new Secret(LOGIN.password) };
    await comes(room, { ...secure, proxy: `https://localhost:${squid.port}` });
    await comes(room, { ...secure, proxy: `https://127.0.0.1:${squid.port}` });
    await fails(room, /TLS with the proxy.*qualys_ca.*QC3014/, {
      ...secure,
      proxy: `https://localhost:${squid.port}`,
      qualysCa: undefined,
    });
    await fails(room, /QC301[24]/, { ...secure, proxy: `http://127.0.0.1:${squid.port}` });
  });

  it('that forbids the way', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t, { deny: true })];
    await fails(room, /CONNECT with HTTP 403.*administrator.*QC3013/, {
      proxy: `http://127.0.0.1:${squid.port}`,
    });
  });

  it('that does not reach Qualys', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t)];
    await fails(room, /HTTP 50[34].*itself does not reach.*QC3013/, {
      proxy: `http://127.0.0.1:${squid.port}`,
      qualysServer: 'https://127.0.0.1:1',
    });
  });

  it('does not hide that Qualys is not trusted', async (t) => {
    const [room, squid] = [await openRoom(t), await startSquid(t)];
    await fails(room, /certificate that localhost.*QC3003/, {
      proxy: `http://127.0.0.1:${squid.port}`,
      qualysCa: undefined,
    });
  });
});

describe('the proxy of the environment', () => {
  for (const [name, form] of [
    ['HTTPS_PROXY', 'http://127.0.0.1:'],
    ['https_proxy', '127.0.0.1:'],
  ] as const) {
    it(`is taken from ${name}`, async (t) => {
      const [room, proxy] = [await openRoom(t), await startPlainProxy(t)];
      await comes(room, {}, noProgress, { [name]: `${form}${proxy.port}` });
      assert.equal(proxy.connects[0], `localhost:${room.simulator.port}`);
    });
  }

  it('is spared for hosts in NO_PROXY', async (t) => {
    const [room, proxy] = [await openRoom(t), await startPlainProxy(t)];
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'example.test, localhost' };
    await comes(room, {}, noProgress, env);
    assert.deepEqual(proxy.connects, []);
  });

  it('gives way to that of the settings, whatever NO_PROXY says', async (t) => {
    const [room, proxy] = [await openRoom(t), await startPlainProxy(t)];
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' };
    await comes(room, { proxy: `http://127.0.0.1:${proxy.port}` }, noProgress, env);
    assert.ok(proxy.connects.length > 0);
  });

  it('is named when it is no URL', async (t) => {
    const room = await openRoom(t);
    await fails(room, /proxy in HTTPS_PROXY is not a URL.*QC3015/, {}, noProgress, {
      HTTPS_PROXY: 'http://[bad',
    });
    await fails(room, /proxy in proxy is not a URL.*QC3015/, { proxy: 'ftp://proxy:21' });
  });
});

describe('a proxy in trouble', () => {
  it('that nobody runs', async (t) => {
    const room = await openRoom(t);
    await fails(room, /proxy 127\.0\.0\.1:1: the connection was refused.*QC3012/, {
      proxy: 'http://127.0.0.1:1',
    });
  });

  it('that hangs up on CONNECT', async (t) => {
    const room = await openRoom(t);
    const proxy = await startPlainProxy(t, (client) => client.destroy());
    await fails(room, /QC3012/, { proxy: `http://127.0.0.1:${proxy.port}` });
  });

  it('that never answers CONNECT', async (t) => {
    const room = await openRoom(t);
    const proxy = await startPlainProxy(t, () => {
      setImmediate(() => {
        room.clock.advance(300_000);
      });
    });
    await fails(room, /nothing came for 300 seconds.*QC3038/, { proxy: `http://127.0.0.1:${proxy.port}` });
  });

  it('that fails now and then is overcome once Qualys has been reached', async (t) => {
    const room = await openRoom(t, { timeline: { running: 2 } });
    const proxy = await startPlainProxy(t, (client, target, nth) => {
      if (nth === 1 || nth > 5) tunnel(client, target);
      else client.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    });
    room.simulator.events.on('request', () => undefined);
    await comes(room, { proxy: `http://127.0.0.1:${proxy.port}` });
    assert.equal(room.simulator.launches, 1);
  });
});
