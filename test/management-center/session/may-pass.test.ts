import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import {
  ConnectionRefusedError,
  FingerprintMismatchError,
  NotTlsError,
  ServerChangedError,
  ServerIsClientError,
} from '../../../src/management-center/connection/errors.ts';
import { parseTarget } from '../../../src/management-center/connection/target.ts';
import { mayPass } from '../../../src/management-center/session/may-pass.ts';
import { makeAuthority } from '../../../src/simulators/certificates.ts';
import '../../support/keys.ts';

const target = parseTarget('fmc.example.com', 8307, false);

test('a server that is not the trusted one is not tried again, whoever was there before', () => {
  const met = new X509Certificate(makeAuthority('somebody').certificate);
  const errors = [
    new FingerprintMismatchError(target, met),
    new ServerIsClientError(target, met, true),
    new ServerChangedError(target, met, 'AA:BB'),
  ];
  for (const error of errors) assert.equal(mayPass(error, true), false, error.message);
});

test('what an appliance says while it restarts is no reason to give up, once it was there', () => {
  assert.ok(mayPass(new NotTlsError(target), true));
  assert.ok(!mayPass(new NotTlsError(target), false));
  assert.ok(mayPass(new ConnectionRefusedError(target), false));
});
