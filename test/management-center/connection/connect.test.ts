import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { ClientRefusedError } from '../../../src/management-center/connection/errors.ts';
import { type ConnectOptions, connectTls } from '../../../src/management-center/connection/connect.ts';
import type { Target } from '../../../src/management-center/connection/target.ts';
import { parseFingerprint } from '../../../src/management-center/connection/fingerprint.ts';
import { type Trust, trustFrom } from '../../../src/management-center/connection/trust.ts';
import {
  type Identity,
  makeAuthority,
  makeCertificate,
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from '../../../src/simulators/certificates.ts';
import { deafTarget, tcpServer, tlsServer } from '../../support/local-tls-server.ts';
import { openedCertificate } from '../../support/opened-certificate.ts';
import { recordingLog } from '../../support/recording-log.ts';
import '../../support/keys.ts';

const authority = makeInternalAuthority();
const server = makeServerCertificate(authority, ['7d6e5ac0-0000-11f0-8000-000000000000']);
const client = makeHostInputClient(authority, '127.0.0.1');
const certificate = await openedCertificate({ ...client, authority: authority.certificate });
const BY_AUTHORITY: Trust = { kind: 'internal-ca' };
const serverFingerprint = new X509Certificate(server.certificate).fingerprint256;

function options(context: TestContext, changes: Partial<ConnectOptions> = {}): ConnectOptions {
  return { connectTimeout: 20, handshakeTimeout: 20, legacyTls: false, signal: context.signal, ...changes };
}

const IDENTITY: TlsOptions = {
  cert: server.certificate,
  key: server.key,
  ca: authority.certificate,
  requestCert: true,
  rejectUnauthorized: true,
};

describe('A Management Center that is what it should be', () => {
  test('is connected to, and sees the certificate of the client', async (context) => {
    const target = await tlsServer(context, IDENTITY, (socket) => {
      socket.end(socket.getPeerX509Certificate()?.subject ?? '');
    });
    const socket = await connectTls(target, certificate, BY_AUTHORITY, options(context));
    assert.equal(socket.getProtocol(), 'TLSv1.3');
    const [subject] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    assert.match(subject, /^CN=127\.0\.0\.1\n.*title=hostinputd/s);
  });

  test('may speak TLS 1.2 at most', async (context) => {
    const target = await tlsServer(context, { ...IDENTITY, maxVersion: 'TLSv1.2' });
    const socket = await connectTls(target, certificate, BY_AUTHORITY, options(context));
    assert.equal(socket.getProtocol(), 'TLSv1.2');
    socket.destroy();
  });

  test('is told the name it is called by, but no address', async (context) => {
    const called: unknown[] = [];
    const target = await tlsServer(context, IDENTITY, (socket) => called.push(servernameOf(socket)));
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    for (const host of ['127.0.0.1', 'fmc.example.com']) {
      const to = { ...target, host };
      const socket = await connectTls(to, certificate, BY_AUTHORITY, options(context, { resolve }));
      await once(socket.end().resume(), 'close');
    }
    assert.deepEqual(called, [false, 'fmc.example.com']);
  });
});

/** Node's types do not know it on the server's side. */
function servernameOf(socket: TLSSocket): unknown {
  return (socket as TLSSocket & { servername: unknown }).servername;
}

describe('A server that is not trusted', () => {
  async function refused(context: TestContext, trust: Trust, identity: TlsOptions, expected: RegExp) {
    let received = 0;
    const target = await tlsServer(context, { ...IDENTITY, ...identity }, (socket) => {
      socket.on('data', (bytes: Buffer) => (received += bytes.length));
    });
    await assert.rejects(connectTls(target, certificate, trust, options(context)), (error: Error) => {
      assert.match(error.message, expected);
      assert.ok(
        error.message.startsWith(`Can not Connect to Server: '127.0.0.1' on port '${target.port}' : `),
      );
      assert.equal('exitCode' in error && error.exitCode, 1);
      return true;
    });
    assert.equal(received, 0);
  }

  test('because another authority made its certificate, is shown with subject, issuer and fingerprint', async (context) => {
    const other = makeAuthority('Somebody else');
    const { certificate: cert, key } = makeServerCertificate(other, ['fmc.example.com']);
    const { fingerprint256 } = new X509Certificate(cert);
    const shown = new RegExp(
      `subject 'CN=fmc.example.com', issuer 'CN=Somebody else', SHA-256 fingerprint ${fingerprint256}.*QC5034`,
    );
    await refused(context, BY_AUTHORITY, { cert, key }, shown);
  });

  test('because it signed its certificate itself', async (context) => {
    const subject = [{ name: 'commonName', value: 'itself' }];
    const { certificate: cert, key } = makeCertificate({ subject, extensions: [] });
    await refused(
      context,
      BY_AUTHORITY,
      { cert, key },
      /does not lead to the authority .*DEPTH_ZERO_SELF_SIGNED/,
    );
  });

  test('because its certificate expired', async (context) => {
    const subject = [{ name: 'commonName', value: 'old' }];
    const past = { notBefore: new Date('2015-01-01'), notAfter: new Date('2016-01-01') };
    const { certificate: cert, key } = makeCertificate({
      subject,
      issuer: authority,
      extensions: [],
      ...past,
    });
    await refused(context, BY_AUTHORITY, { cert, key }, /it expired \(Jan {2}1 00:00:00 2016 GMT\)/);
  });

  test('because its certificate is signed with SHA-1', async (context) => {
    const subject = [{ name: 'commonName', value: 'old' }];
    const { certificate: cert, key } = makeCertificate({
      subject,
      issuer: authority,
      extensions: [],
      digest: 'sha1',
    });
    const old: TlsOptions = { cert, key, ciphers: 'DEFAULT@SECLEVEL=0' };
    await refused(context, BY_AUTHORITY, old, /signed with SHA-1 or has a short key; -legacytls allows that/);
  });

  const UNREPORTED: Trust = { kind: 'first-met', hold: () => assert.fail('it was held to') };

  test('because it shows the certificate of this client', async (context) => {
    const { certificate: cert, key } = client;
    for (const trust of [BY_AUTHORITY, UNREPORTED]) {
      await refused(
        context,
        trust,
        { cert, key },
        /made for this client, not .*Met: subject 'CN=127.*QC5035/,
      );
    }
  });

  test('because its certificate was made for another client, of whatever service', async (context) => {
    const clients = [
      makeHostInputClient(authority, '192.0.2.99'),
      makeHostInputClient(authority, '192.0.2.99', { title: 'estreamer' }),
      serverTitled('hostinputd'),
    ];
    for (const { certificate: cert, key } of clients) {
      for (const trust of [BY_AUTHORITY, UNREPORTED]) {
        await refused(
          context,
          trust,
          { cert, key },
          /made for a client of the Management Center, not .*QC5035/,
        );
      }
    }
  });

  test('because it has another fingerprint', async (context) => {
    const trust: Trust = { kind: 'fingerprint', sha256: '0'.repeat(64) };
    await refused(
      context,
      trust,
      {},
      new RegExp(`not the one that -fingerprint names.*${serverFingerprint}.*QC5033`),
    );
  });
});

describe('A server of another authority is connected to', () => {
  const { certificate: cert, key } = makeServerCertificate(makeAuthority('Somebody else'), ['fmc']);
  const { fingerprint256 } = new X509Certificate(cert);
  const held: string[] = [];
  const trusts: Record<string, Trust> = {
    'when its fingerprint is given': {
      kind: 'fingerprint',
      sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    },
    'when -insecure is given': { kind: 'insecure' },
    'when the file has no authority, and its fingerprint is told': {
      kind: 'first-met',
      hold: (fingerprint) => {
        held.push(fingerprint);
        return fingerprint;
      },
    },
  };
  for (const [name, trust] of Object.entries(trusts)) {
    test(name, async (context) => {
      const target = await tlsServer(context, { ...IDENTITY, cert, key });
      const socket = await connectTls(target, certificate, trust, options(context));
      socket.destroy();
      assert.deepEqual(held, trust.kind === 'first-met' ? [fingerprint256] : []);
    });
  }
});

/** A server's certificate that bears a title, as those of clients do. */
function serverTitled(title: string): Identity {
  return makeCertificate({
    subject: [
      { name: 'commonName', value: 'fmc' },
      { name: 'title', value: title },
    ],
    issuer: authority,
    extensions: [],
  });
}

test('a title of its own is no reason to mistrust a server', async (context) => {
  const { certificate: cert, key } = serverTitled('sftunnel');
  const target = await tlsServer(context, { ...IDENTITY, cert, key });
  (await connectTls(target, certificate, BY_AUTHORITY, options(context))).destroy();
});

test("a client's certificate is taken where it is pinned, or nothing is checked", async (context) => {
  const { certificate: cert, key } = makeHostInputClient(authority, '192.0.2.99');
  const target = await tlsServer(context, { ...IDENTITY, cert, key });
  const sha256 = parseFingerprint(new X509Certificate(cert).fingerprint256);
  for (const trust of [{ kind: 'fingerprint', sha256 }, { kind: 'insecure' }] as const) {
    (await connectTls(target, certificate, trust, options(context))).destroy();
  }
});

test('without an authority a run is held to the first certificate that it met', async (context) => {
  const withoutAuthority = await openedCertificate(client);
  const log = recordingLog();
  const trust = trustFrom({ fingerprint: undefined, insecure: false }, withoutAuthority, log);
  let received = 0;
  const first = await tlsServer(context, IDENTITY);
  const { certificate: cert, key } = makeServerCertificate(authority, ['fmc']);
  const other = await tlsServer(context, { ...IDENTITY, cert, key }, (socket) => {
    socket.on('data', (bytes: Buffer) => (received += bytes.length));
  });
  const connect = (to: Target) => connectTls(to, withoutAuthority, trust, options(context));
  (await connect(first)).destroy();
  const changed = new RegExp(
    `another than the one met first in this run \\(${serverFingerprint}\\)\\. Met: .*QC5036`,
  );
  await assert.rejects(connect(other), changed);
  (await connect(first)).destroy();
  assert.equal(received, 0);
  assert.equal(log.messages('warning').length, 1, log.text());
});

describe('What is no Management Center is told apart:', () => {
  async function fails(
    target: Target,
    context: TestContext,
    expected: RegExp,
    changes?: Partial<ConnectOptions>,
  ) {
    await assert.rejects(connectTls(target, certificate, BY_AUTHORITY, options(context, changes)), expected);
  }

  test('nothing listens', async (context) => {
    await fails(await deafTarget(context), context, /the connection was refused\..*QC5103/);
  });

  test('an HTTP server', async (context) => {
    const target = await tcpServer(context, (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await fails(target, context, /does not speak TLS.*QC5108/);
  });

  test('an ssh server', async (context) => {
    const target = await tcpServer(context, (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    await fails(target, context, /does not speak TLS.*QC5108/);
  });

  test('a server that hangs up', async (context) => {
    const target = await tcpServer(context, (socket) => socket.end());
    await fails(target, context, /ended the connection during the TLS handshake.*QC5107/);
  });

  test('a server that resets', async (context) => {
    const target = await tcpServer(context, (socket) => socket.once('data', () => socket.resetAndDestroy()));
    await fails(target, context, /ended the connection during the TLS handshake.*QC5107/);
  });

  test('a server that says nothing', async (context) => {
    const target = await tcpServer(context, () => undefined);
    await fails(target, context, /did not finish the TLS handshake within 0\.05 s.*QC5106/, {
      handshakeTimeout: 0.05,
    });
  });

  test('a server that only speaks TLS 1.1, and -legacytls is named', async (context) => {
    const old: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const target = await tlsServer(context, { ...IDENTITY, ...old });
    await fails(
      target,
      context,
      /no TLS version or cipher that both sides accept \(.*-legacytls allows.*QC5109/,
    );
  });

  test('a server that has no cipher in common', async (context) => {
    const odd: TlsOptions = { maxVersion: 'TLSv1.2', ciphers: 'PSK-AES128-CBC-SHA' };
    const target = await tlsServer(context, { ...IDENTITY, ...odd });
    await fails(target, context, /no TLS version or cipher that both sides accept.*QC5109/);
  });

  test('an interface that does not exist', async (context) => {
    const target: Target = { server: 'fe80::1%none', host: 'fe80::1%none', port: 8307, ipv6: false };
    await fails(
      target,
      context,
      /cannot be reached from this host \(it has no network interface 'none'\).*QC5104/,
    );
  });
});

describe('-legacytls', () => {
  const old: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
  const weakAuthority = makeInternalAuthority({ digest: 'sha1' });
  const weakServer = makeCertificate({
    subject: [{ name: 'commonName', value: 'old' }],
    issuer: weakAuthority,
    extensions: [],
    digest: 'sha1',
  });
  const weakIdentity = {
    ...old,
    cert: weakServer.certificate,
    key: weakServer.key,
    ca: weakAuthority.certificate,
  };

  test('connects to a server of TLS 1.0 with certificates of SHA-1', async (context) => {
    const weakClient = makeHostInputClient(weakAuthority, '127.0.0.1', { digest: 'sha1' });
    const weak = await openedCertificate({ ...weakClient, authority: weakAuthority.certificate });
    assert.ok(weak.weakSignature);
    const target = await tlsServer(context, { ...IDENTITY, ...weakIdentity });
    const socket = await connectTls(target, weak, BY_AUTHORITY, options(context, { legacyTls: true }));
    assert.equal(socket.getProtocol(), 'TLSv1');
    socket.destroy();
    await assert.rejects(
      connectTls(target, weak, BY_AUTHORITY, options(context)),
      /-legacytls allows it\. \[QC5014\]/,
    );
  });

  test('still refuses a server of another authority', async (context) => {
    const target = await tlsServer(context, { ...weakIdentity });
    const attempt = connectTls(target, certificate, BY_AUTHORITY, options(context, { legacyTls: true }));
    await assert.rejects(attempt, /QC5034/);
  });
});

describe('A name', () => {
  const named: Target = { server: 'fmc.example.com', host: 'fmc.example.com', port: 9, ipv6: false };
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  async function fails(
    context: TestContext,
    expected: RegExp,
    changes: Partial<ConnectOptions>,
    ipv6 = false,
  ) {
    const attempt = connectTls({ ...named, ipv6 }, certificate, BY_AUTHORITY, options(context, changes));
    await assert.rejects(attempt, expected);
  }

  test('without an address', async (context) => {
    await fails(context, /the name has no address\..*QC5101/, { resolve: failing('ENOTFOUND') });
  });

  test('without an IPv6 address, with -ipv6', async (context) => {
    const asked: number[] = [];
    const resolve = (_: string, family: number) => {
      asked.push(family);
      return Promise.resolve([]);
    };
    await fails(context, /the name has no IPv6 address\..*QC5101/, { resolve }, true);
    assert.deepEqual(asked, [6]);
  });

  test('when the name server fails', async (context) => {
    await fails(context, /no name server answered.*QC5102/, { resolve: failing('EAI_AGAIN') });
  });

  test('when the name server never answers', async (context) => {
    const resolve = () => new Promise<never>(() => undefined);
    await fails(context, /no name server answered.*QC5102/, { resolve, connectTimeout: 0.02 });
  });

  test('with both kinds of address is connected to over IPv4', async (context) => {
    const { port } = await tlsServer(context, IDENTITY);
    const addresses = [
      // The same server, by an IPv6 socket.
      { address: '::ffff:127.0.0.1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const resolve = () => Promise.resolve(addresses);
    const socket = await connectTls(
      { ...named, port },
      certificate,
      BY_AUTHORITY,
      options(context, { resolve }),
    );
    assert.equal(socket.remoteFamily, 'IPv4');
    socket.destroy();
  });

  test('whose first address refuses is tried at the next', async (context) => {
    const { port } = await tlsServer(context, IDENTITY);
    const addresses = [
      // Nobody listens there; called 4 so that it comes first.
      { address: '::1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const resolve = () => Promise.resolve(addresses);
    const socket = await connectTls(
      { ...named, port },
      certificate,
      BY_AUTHORITY,
      options(context, { resolve }),
    );
    socket.destroy();
  });
});

describe('A run that is to end', () => {
  test('before it began does not connect', async (context) => {
    let connections = 0;
    const target = await tcpServer(context, () => connections++);
    const signal = AbortSignal.abort(new Error('interrupted'));
    await assert.rejects(
      connectTls(target, certificate, BY_AUTHORITY, options(context, { signal })),
      /interrupted/,
    );
    assert.equal(connections, 0);
  });

  test('during the handshake closes the connection', async (context) => {
    const controller = new AbortController();
    const seen = new EventEmitter();
    const target = await tcpServer(context, (socket) => {
      socket.once('data', () => {
        controller.abort(new Error('interrupted'));
      });
      socket.once('close', () => seen.emit('closed'));
    });
    const closed = once(seen, 'closed');
    const { signal } = controller;
    await assert.rejects(
      connectTls(target, certificate, BY_AUTHORITY, options(context, { signal })),
      /interrupted/,
    );
    await closed;
  });
});

test('a server of TLS 1.2 that hangs up on the certificate of the client is explained', async (context) => {
  const target = await tlsServer(context, {
    ...IDENTITY,
    maxVersion: 'TLSv1.2',
    ca: makeAuthority('Another').certificate,
  });
  const attempt = connectTls(target, certificate, BY_AUTHORITY, options(context));
  await assert.rejects(attempt, ClientRefusedError);
});

test('a client that is refused is told where to look', () => {
  const alert = Object.assign(new Error(), { reason: 'tlsv13 alert certificate required' });
  assert.match(new ClientRefusedError('fmc', alert).message, /with the TLS alert 'certificate required'/);
  assert.match(new ClientRefusedError('fmc').message, /without an answer.*address translation.*QC5150/);
});
