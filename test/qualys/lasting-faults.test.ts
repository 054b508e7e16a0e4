import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { QualysAccess } from '../../src/qualys/access.ts';
import { ConnectorError } from '../../src/connector-error.ts';
import type {
  Endpoint,
  FaultKind,
  QualysSimulatorOptions,
} from '../../src/simulators/qualys/qualys-simulator.ts';
import { differing } from '../support/passing-faults.ts';
import { openRoom, PASSWORD, type QualysRoom, USER, userLogin } from '../support/qualys-room.ts';
import { SMALL_REPORT } from '../support/small-report.ts';

type Test = Parameters<typeof openRoom>[0];

/** Downloads in vain; returns the room and the error, having checked that nothing is left anywhere. */
async function fails(
  t: Test,
  simulated: Partial<QualysSimulatorOptions>,
  changes: Partial<QualysAccess> = {},
): Promise<{ room: QualysRoom; error: ConnectorError }> {
  const room = await openRoom(t, simulated);
  room.simulator.events.on('silent', () => {
    room.clock.advance(300_000);
  });
  const error: unknown = await room.download(changes).then(
    () => assert.fail('the download should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectorError, String(error));
  assert.equal(error.exitCode, 2);
  assert.deepEqual(room.spooled(), []);
  assert.deepEqual(room.simulator.alive(), []);
  assert.ok(room.simulator.launches <= 1);
  assert.ok(room.simulator.mostAtOnce <= 1);
  const everything = [room.log.text(), error.message, JSON.stringify(room.simulator.transcript)].join();
  assert.ok(!everything.includes(PASSWORD));
  return { room, error };
}

/** With what the error must say. */
type Told = readonly (readonly [FaultKind, RegExp])[];

/** All at the two endpoints that are judged differently: a small answer read whole, and a report that is streamed. */
function metAt(endpoint: Endpoint, kinds: Told): Told {
  if (endpoint === 'launch' || endpoint === 'fetch') return kinds;
  const chosen = new Set(differing(kinds.map(([kind]) => kind)));
  return kinds.filter(([kind]) => chosen.has(kind));
}

const LASTING: Told = [
  ['simple 1901', /<CODE>1901<\/CODE> <TEXT>Unrecognized.*<\/TEXT>.*QC3025/],
  ['simple 2000', /it said "Bad Login\/Password" \(its code 2000, HTTP 401\).*user_id and password.*QC3021/],
  ['simple 2001', /<TEXT>This account has expired\.<\/TEXT>.*QC3022/],
  ['generic 2001', /<RETURN status="FAILED" number="2001">Account Expired<\/RETURN>.*QC3022/],
  ['simple 2002', /inactive.*activate.*QC3023/],
  ['simple 2003', /Registration must be completed.*Log in once.*QC3023/],
  ['simple 2007', /IP access denied.*address.*QC3023/],
  ['simple 2011', /SecureID.*QC3023/],
  ['simple 2012', /not authorized.*allow API access.*QC3024/],
  ['generic 5000', /<RETURN status="FAILED" number="5000">.*QC3025/],
  ['simple 1905', /<CODE>1905<\/CODE>.*QC3025/],
  ['page 403', /Access denied by policy.*QC3024/],
  ['redirect', /redirects to elsewhere\.invalid.*QC3007/],
];

describe('a refusal that lasts ends the download at once', () => {
  for (const at of ['launch', 'list', 'fetch'] as const) {
    for (const [kind, message] of metAt(at, LASTING)) {
      it(`"${kind}" at ${at}`, async (t) => {
        const { room, error } = await fails(t, { faults: [{ at, kind, times: Infinity }] });
        assert.match(error.message, message);
        const asked = room.simulator.transcript.filter(({ endpoint }) => endpoint === at);
        assert.equal(asked.length, 1);
        assert.deepEqual(room.simulator.alive(), []);
      });
    }
  }
});

const OUTLASTING: Told = [
  ['reset', /QC3038/],
  ['silent', /nothing came for 300 seconds.*QC3038/],
  ['empty', /empty body.*QC3008/],
  ['page 200', /Welcome - please sign in.*QC3007/],
  ['page 502', /HTTP 502.*Bad Gateway.*QC3038/],
  ['page 503', /HTTP 503.*Service Unavailable.*QC3038/],
  ['page 504', /HTTP 504.*Gateway Timeout.*QC3038/],
  ['garbled', /not HTTP.*QC3007/],
  ['simple 999', /<TEXT>Internal error\. Please contact customer support\.<\/TEXT>.*5ca1ab1e.*QC3038/],
  ['generic 999', /Please contact customer support.*QC3038/],
  ['malformed 999', /Please contact customer support.*QC3038/],
  ['simple 1960', /<CODE>1960<\/CODE>.*QC3038/],
  ['generic 1960', /concurrent running reports.*QC3038/],
  ['simple 1965', /another 30 seconds.*QC30(?:38|26)/],
  ['simple 1965 without header', /another 30 seconds.*QC30(?:38|26)/],
  ['simple 1981', /being processed.*QC3038/],
  ['http 429', /HTTP 429.*QC30(?:38|26)/],
  ['simple 1999', /scheduled maintenance.*QC3038/],
];

/** Seconds of report_timeout in which it is met again and again: a silence alone takes 300, ten empty answers 360. */
function enough(kind: FaultKind): number {
  return kind === 'silent' || kind === 'empty' ? 400 : 200;
}

describe('a trouble that should pass but never does', () => {
  for (const at of ['launch', 'list', 'fetch'] as const) {
    for (const [kind, message] of metAt(at, OUTLASTING)) {
      it(`"${kind}" at ${at} ends the download with its last word`, async (t) => {
        const faults = [{ at, kind, times: Infinity }];
        const { room, error } = await fails(t, { faults }, { reportTimeout: enough(kind) });
        assert.match(error.message, message);
        // A list that never answers hides nothing: the id is known.
        assert.deepEqual(room.simulator.alive(), []);
      });
    }
  }

  for (const [kind] of metAt('delete', [...LASTING, ...OUTLASTING])) {
    it(`"${kind}" at delete costs nobody the report, and is told`, async (t) => {
      const room = await openRoom(t, { faults: [{ at: 'delete', kind, times: Infinity }] });
      room.simulator.events.on('silent', () => {
        room.clock.advance(30_000);
      });
      const report = await room.download();
      assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
      assert.match(room.log.messages('warning').at(-1) ?? '', /report 4888001 could not be deleted.*7 days/);
      await report.close();
      assert.deepEqual(room.spooled(), []);
    });
  }

  for (const [kind, message] of metAt('asset-data-report', [...LASTING, ...OUTLASTING])) {
    // Silence is report_timeout's own under API v1, and has a test of its own.
    if (kind === 'silent') continue;
    it(`"${kind}" under API v1 ends the download with its last word`, async (t) => {
      const { room, error } = await fails(
        t,
        { faults: [{ at: 'asset-data-report', kind, times: Infinity }] },
        { api: 'v1', reportTimeout: enough(kind) },
      );
      assert.match(error.message, message);
      assert.equal(room.simulator.launches, 0);
    });
  }

  it('a launch whose answers are lost for ever makes one report, and that is deleted', async (t) => {
    for (const kind of ['reset', 'empty', 'simple 999'] as const) {
      const faults = [{ at: 'launch', kind, times: Infinity, done: true }] as const;
      const room = await openRoom(t, { faults });
      const report = await room.download();
      assert.equal(room.simulator.launches, 1);
      assert.deepEqual(room.simulator.alive(), []);
      await report.close();
    }
  });

  it('a body cut for ever', async (t) => {
    for (const kind of ['cut by close', 'cut by end', 'stalled'] as const) {
      const faults = [{ at: 'fetch', kind, times: Infinity }] as const;
      const { room, error } = await fails(t, { faults }, { reportTimeout: 400 });
      assert.match(error.message, /QC30(?:38|39)/);
      assert.deepEqual(room.simulator.alive(), []);
    }
  });

  it('a damaged zip file', async (t) => {
    const faults = [{ at: 'fetch', kind: 'cut by end', times: Infinity }] as const;
    const { error } = await fails(t, { zip: true, faults });
    assert.match(error.message, /zip.*QC3040/);
  });

  it('calls used up for longer than the time left', async (t) => {
    const faults = [{ at: 'list', kind: 'simple 1965', times: Infinity, seconds: 68_928 }] as const;
    const { room, error } = await fails(t, { faults });
    assert.match(error.message, /68928 seconds.*QC3026/);
    assert.deepEqual(
      room.clock.sleeps.filter((slept) => slept > 60_000),
      [],
    );
  });

  it('a report that never finishes is canceled and deleted', async (t) => {
    const { room, error } = await fails(t, { timeline: { running: Infinity } }, { reportTimeout: 400 });
    assert.match(error.message, /within 400 seconds.*waiting for the report 4888001 \(Running\).*QC3038/);
    assert.deepEqual(ends(room), ['cancel', 'delete']);
    assert.deepEqual(room.simulator.alive(), []);
  });

  it('a report that is never listed', async (t) => {
    const { room, error } = await fails(t, { timeline: { absent: Infinity } });
    assert.match(error.message, /not in Qualys' list.*QC3035/);
    assert.deepEqual(room.simulator.alive(), []);
  });

  it('a finished report that is never handed out', async (t) => {
    const { room, error } = await fails(t, { timeline: { unfetchable: Infinity } });
    assert.match(error.message, /<CODE>7001<\/CODE>.*Report Share.*QC3036/);
    assert.deepEqual(room.simulator.alive(), []);
  });
});

function ends(room: QualysRoom): Endpoint[] {
  return room.simulator.transcript.slice(-2).map(({ endpoint }) => endpoint);
}

describe('how a report can end otherwise', () => {
  for (const [end, message] of [
    ['Errors', /could not generate.*QC3033/],
    ['Canceled', /was canceled.*QC3034/],
  ] as const) {
    it(`${end} fails and deletes`, async (t) => {
      const { room, error } = await fails(t, { timeline: { running: 1, end } });
      assert.match(error.message, message);
      assert.deepEqual(room.simulator.alive(), []);
    });
  }

  it('an error inside the root of the report', async (t) => {
    const faults = [{ at: 'fetch', kind: 'error in report root', times: Infinity }] as const;
    const { error } = await fails(t, { faults });
    assert.match(error.message, /<ERROR number="999">Internal error.*QC3038/);
  });

  it('a document of another kind', async (t) => {
    const { error } = await fails(t, { faults: [{ at: 'fetch', kind: 'another document', times: 1 }] });
    assert.match(error.message, /<SCAN>.*Auto\/Scan.*QC3037/);
  });

  it('a zip file with another document in it', async (t) => {
    const { error } = await fails(t, { zip: true, report: () => ['<?xml version="1.0"?><SCAN></SCAN>'] });
    assert.match(error.message, /<SCAN>.*QC3037/);
  });
});

describe('a template that cannot be used', () => {
  for (const api of ['v2', 'v1'] as const) {
    for (const wrongTemplate of ['simple 999', 'generic 999', 'simple 1905', 'generic 5000'] as const) {
      it(`is told with those that can, ${wrongTemplate}, ${api}`, async (t) => {
        const { room, error } = await fails(t, { wrongTemplate }, { api, templateId: '1' });
        assert.match(
          error.message,
          /no report template 1\..*(?:Internal error|Invalid value|invalid value).*424242 "Nightly", 535353 "Weekly"\. \[QC3031\]/,
        );
        assert.deepEqual(room.clock.sleeps, []);
      });
    }
    it(`is told with its type, ${api}`, async (t) => {
      const { error } = await fails(t, {}, { api, templateId: '535355' });
      assert.match(error.message, /535355 \("Patches"\) is of the type Auto\/Patch.*QC3032/);
    });
  }

  it('keeps the words of Qualys when the list of templates is not to be had', async (t) => {
    const faults = [{ at: 'templates', kind: 'simple 2012', times: Infinity }] as const;
    const { error } = await fails(t, { faults, wrongTemplate: 'simple 1905' }, { templateId: '1' });
    assert.match(error.message, /<CODE>1905<\/CODE>.*QC3025/);
  });
});

describe('what is wrong before anything is sent', () => {
  it('a wrong password is refused by Qualys', async (t) => {
    const { room, error } = await fails(t, {}, { login: userLogin(USER, 'wrong') });
    assert.match(error.message, /QC3021/);
    assert.equal(room.simulator.transcript.length, 1);
  });

  it('the server is a web interface', async (t) => {
    const { error } = await fails(t, {}, { qualysServer: 'https://qualysguard.qg2.apps.qualys.com' });
    assert.match(error.message, /Set qualys_server to qualysapi\.qg2\.apps\.qualys\.com\. \[QC3006\]/);
  });

  it('nobody listens', async (t) => {
    const { error } = await fails(t, {}, { qualysServer: 'https://localhost:1' });
    assert.match(error.message, /refused.*port 1 of localhost.*QC3002/);
    assert.deepEqual([error.address, error.port], ['localhost', 1]);
  });

  it('what listens speaks no TLS: told in one line, in our words', async (t) => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined).end('HTTP/1.0 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    t.after(() => plain.close());
    const { port } = plain.address() as AddressInfo;
    const { error } = await fails(t, {}, { qualysServer: `https://localhost:${port}` });
    assert.match(
      error.message,
      /^No TLS connection to localhost:\d+ could.*does not speak TLS \(wrong version number\)\. Check.*QC3004\]$/,
    );
    assert.equal(error.port, port);
    const proxied = await fails(t, {}, { proxy: `https://127.0.0.1:${port}` });
    assert.match(
      proxied.error.message,
      /^TLS with the proxy 127.*does not speak TLS \(wrong version number\)\. Name.*QC3014\]$/,
    );
    assert.deepEqual([proxied.error.address, proxied.error.port], ['127.0.0.1', port]);
  });

  it('the authority is not trusted', async (t) => {
    const { error } = await fails(t, {}, { qualysCa: undefined });
    assert.match(error.message, /not trusted.*qualys_ca.*QC3003/);
  });

  it('the file of authorities does not exist', async (t) => {
    const { error } = await fails(t, {}, { qualysCa: '/nonexistent/authority.pem' });
    assert.match(error.message, /does not exist.*QC3005/);
  });

  it('the file of authorities has no end', async (t) => {
    const { error } = await fails(t, {}, { qualysCa: '/dev/zero' });
    assert.match(error.message, /it is a pipe or a device.*QC3005/);
  });
});
