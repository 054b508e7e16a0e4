import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { parseFingerprint } from '../../../src/management-center/connection/fingerprint.ts';
import { checkServer, type Trust, trustFrom } from '../../../src/management-center/connection/trust.ts';
import {
  BadFingerprintError,
  NoServerCertificateError,
} from '../../../src/management-center/connection/errors.ts';
import { makeHostInputClient, makeInternalAuthority } from '../../../src/simulators/certificates.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { tlsServer } from '../../support/local-tls-server.ts';
import { openedCertificate } from '../../support/opened-certificate.ts';
import '../../support/keys.ts';

const authority = makeInternalAuthority();
const client = makeHostInputClient(authority, '192.0.2.7');
const withAuthority = await openedCertificate({ ...client, authority: authority.certificate });
const withoutAuthority = await openedCertificate(client);
const { fingerprint256 } = new X509Certificate(authority.certificate);
const digits = fingerprint256.replaceAll(':', '').toLowerCase();

const NEITHER = { fingerprint: undefined, insecure: false };

describe('A server is trusted', () => {
  test('by the authority in the certificate file, without a word', () => {
    const log = recordingLog();
    assert.deepEqual(trustFrom(NEITHER, withAuthority, log), { kind: 'internal-ca' });
    assert.equal(log.text(), '[]');
  });

  test('by its fingerprint, without a word, whether the file has an authority or not', () => {
    const log = recordingLog();
    for (const certificate of [withAuthority, withoutAuthority]) {
      const trust = trustFrom({ fingerprint: digits, insecure: false }, certificate, log);
      assert.deepEqual(trust, { kind: 'fingerprint', sha256: digits });
    }
    assert.equal(log.text(), '[]');
  });

  test('with -insecure, and a warning every time', () => {
    const log = recordingLog();
    for (const certificate of [withAuthority, withoutAuthority]) {
      const trust = trustFrom({ fingerprint: undefined, insecure: true }, certificate, log);
      assert.deepEqual(trust, { kind: 'insecure' });
    }
    assert.deepEqual(
      log.entries.map(({ level, event }) => `${level} ${event}`),
      ['warning trust.insecure', 'warning trust.insecure'],
    );
    assert.match(log.lines[0] ?? '', /The Management Center is not authenticated \(-insecure\)/);
  });

  test('for want of an authority, when it is the first met, with one warning that gives the option to pin it', () => {
    const log = recordingLog();
    const trust = trustFrom(NEITHER, withoutAuthority, log);
    assert.ok(trust.kind === 'first-met');
    assert.equal(log.text(), '[]');
    for (const met of ['AA:BB', 'AA:BB', 'CC:DD']) assert.equal(trust.hold(met), 'AA:BB');
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /^WARNING .* holds no authority.*pin it with -fingerprint=AA:BB$/);
  });
});

test('a server that shows no certificate is refused, whatever is trusted', async (context) => {
  const anonymous = { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;
  const target = await tlsServer(context, { ...anonymous, dhparam: 'auto' });
  const options = { ...anonymous, host: '127.0.0.1', port: target.port, rejectUnauthorized: false };
  const socket = connect({ ...options, checkServerIdentity: () => undefined });
  await once(socket, 'secureConnect');
  const all: Trust[] = [
    { kind: 'internal-ca' },
    { kind: 'fingerprint', sha256: digits },
    { kind: 'insecure' },
    { kind: 'first-met', hold: (fingerprint) => fingerprint },
  ];
  for (const trust of all) {
    assert.throws(() => {
      checkServer(socket, target, trust);
    }, NoServerCertificateError);
  }
  socket.destroy();
});

describe('A fingerprint is read', () => {
  const forms = {
    'with colons': fingerprint256,
    'without colons': digits,
    'in capitals': digits.toUpperCase(),
    'with blanks': ` ${fingerprint256.replaceAll(':', ' ')} `,
    'as openssl prints it': `sha256 Fingerprint=${fingerprint256}`,
    'with its kind in front': `SHA256:${digits}`,
  };
  for (const [name, text] of Object.entries(forms)) {
    test(name, () => {
      assert.equal(parseFingerprint(text), digits);
    });
  }
});

test('what is no SHA-256 fingerprint is refused', () => {
  for (const text of ['', 'AA', digits.slice(1), `${digits}0`, digits.replace(/./, 'g')]) {
    assert.throws(() => parseFingerprint(text), BadFingerprintError);
  }
  assert.throws(
    () => parseFingerprint('ab'.repeat(20)),
    /is not a SHA-256 fingerprint but a SHA-1 one.*QC5030/,
  );
});

test('whatever is given, it is a fingerprint or refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        assert.match(parseFingerprint(text), /^[0-9a-f]{64}$/);
      } catch (error) {
        assert.ok(error instanceof BadFingerprintError);
      }
    }),
  );
});
