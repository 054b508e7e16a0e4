import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test, type TestContext } from 'node:test';
import { ClientRefusedError } from '../../../src/management-center/connection/errors.ts';
import { connectTls } from '../../../src/management-center/connection/connect.ts';
import { parseTarget, type Target } from '../../../src/management-center/connection/target.ts';
import {
  makeAuthority,
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from '../../../src/simulators/certificates.ts';
import { openedCertificate } from '../../support/opened-certificate.ts';
import { OpensslCannot, OpensslWorkshop } from '../../support/openssl-workshop.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const workshop = new OpensslWorkshop(await temporaryDirectory());
const authority = makeInternalAuthority();
const server = makeServerCertificate(authority, ['fmc']);
const client = makeHostInputClient(authority, '127.0.0.1');
const certificate = await openedCertificate({ ...client, authority: authority.certificate });
workshop.write('server.pem', server.certificate, server.key);
workshop.write('internal-ca.pem', authority.certificate);
workshop.write('other-ca.pem', makeAuthority('Another').certificate);
const skip = whyNot();

describe("openssl's own server, demanding a client certificate,", { skip }, () => {
  test('accepts the one of the appliance, and receives what is sent', async (context) => {
    const { target, lines, seen } = await opensslServer(context, '-CAfile', 'internal-ca.pem');
    const socket = await connect(context, target);
    socket.write('\nAddHost,192.0.2.1\n');
    while (!seen.includes('AddHost,192.0.2.1')) await once(lines, 'line');
    socket.destroy();
    assert.ok(seen.some((line) => /^subject=CN ?= ?127\.0\.0\.1, .*title ?= ?hostinputd/.test(line)));
  });

  test('refuses that of a stranger under TLS 1.2 during the handshake', async (context) => {
    const { target } = await opensslServer(context, '-CAfile', 'other-ca.pem', '-tls1_2');
    await assert.rejects(connect(context, target), (error) => {
      assert.ok(error instanceof ClientRefusedError);
      assert.match(error.message, /with the TLS alert 'unknown ca'/);
      return true;
    });
  });

  test('refuses that of a stranger under TLS 1.3 after the handshake', async (context) => {
    const { target } = await opensslServer(context, '-CAfile', 'other-ca.pem', '-tls1_3');
    const socket = await connect(context, target);
    const [alert] = (await once(socket.resume(), 'error')) as [Error];
    assert.match(new ClientRefusedError(target.server, alert).message, /with the TLS alert 'unknown ca'/);
  });
});

async function connect(context: TestContext, target: Target) {
  const options = { connectTimeout: 20, handshakeTimeout: 20, legacyTls: false, signal: context.signal };
  return await connectTls(target, certificate, { kind: 'internal-ca' }, options);
}

/** `-Verify 1` demands a certificate; `-verify_return_error` makes a wrong one fatal. */
async function opensslServer(context: TestContext, ...options: string[]) {
  const child = spawn(
    'openssl',
    [
      ...['s_server', '-accept', '127.0.0.1:0', '-cert', 'server.pem', '-key', 'server.pem'],
      ...['-Verify', '1', '-verify_return_error', ...options],
    ],
    { cwd: workshop.folder, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  context.after(() => child.kill());
  const lines = createInterface({ input: child.stdout });
  const seen: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => {
      reject(new Error('openssl s_server ended'));
    });
    lines.on('line', (line) => {
      seen.push(line);
      const accepting = /^ACCEPT .*:(\d+)$/.exec(line);
      if (accepting) resolve(Number(accepting[1]));
    });
  });
  return { target: parseTarget('127.0.0.1', port, false), lines, seen };
}

function whyNot(): string | false {
  try {
    // LibreSSL and OpenSSL 1 do not tell the port that they were given.
    const version = workshop.openssl('version').trim();
    return /^OpenSSL [3-9]/.test(version) ? false : `${version} is not OpenSSL 3`;
  } catch (error) {
    if (error instanceof OpensslCannot) return error.message;
    throw error;
  }
}
