import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  type Identity,
  makeCertificate,
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from '../../src/simulators/certificates.ts';
import { commandFile } from '../support/command-file.ts';
import { certificates } from '../support/certificates.ts';
import { type Ended, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

const stranger = makeServerCertificate(makeInternalAuthority(), ['127.0.0.1']);
const expired = makeCertificate({
  subject: [{ name: 'commonName', value: 'fmc' }],
  issuer: certificates.internalAuthority,
  extensions: [],
  notBefore: new Date('2020-01-01'),
  notAfter: new Date('2021-01-01'),
});

function fingerprintOf({ certificate }: Identity): string {
  return new X509Certificate(certificate).fingerprint256;
}

async function send(t: TestContext, stage: TestStage, ...options: string[]): Promise<Ended> {
  const ended = await runHere(t, stage.directory, [
    ...stage.toServer.slice(0, 3),
    ...(await commandFile(stage.directory, 2)),
    ...options,
  ]);
  await stage.managementCenter.settled();
  return ended;
}

function refusedNothingSent(stage: TestStage, ended: Ended): void {
  assert.equal(ended.code, 1, ended.output);
  assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
  assert.equal(
    stage.managementCenter.connections.reduce((sum, { received }) => sum + received.bytes, 0),
    0,
  );
}

function delivered(stage: TestStage, ended: Ended): void {
  assert.equal(ended.code, 0, ended.output);
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 2);
}

/** The certificate file without the authority, as PEM. */
async function withoutAuthority(stage: TestStage): Promise<string> {
  const file = join(stage.directory, 'client.pem');
  await writeFile(file, certificates.client.certificate + certificates.client.key, { mode: 0o600 });
  return `-pkcs12=${file}`;
}

test('a server of another authority: exit code 1, nothing sent, its certificate shown', async (t) => {
  const stage = await stageFor(t, { managementCenter: { serverIdentity: stranger } });
  const ended = await send(t, stage);
  refusedNothingSent(stage, ended);
  assert.match(ended.stdout, /CN=127\.0\.0\.1/);
  assert.match(ended.stdout, /InternalCA/);
  assert.ok(ended.stdout.includes(fingerprintOf(stranger)), ended.stdout);
});

test('a server whose certificate expired: exit code 1, nothing sent, the day shown', async (t) => {
  const stage = await stageFor(t, { managementCenter: { serverIdentity: expired } });
  const ended = await send(t, stage);
  refusedNothingSent(stage, ended);
  assert.match(ended.stdout, /it expired \(Jan {2}1 .*2021/);
});

test("a server that shows the client's own certificate: exit code 1, nothing sent", async (t) => {
  const stage = await stageFor(t, {
    managementCenter: { serverIdentity: certificates.client },
  });
  const ended = await send(t, stage);
  refusedNothingSent(stage, ended);
  assert.match(ended.stdout, /was made for this client.*\[QC5035\]/);
});

test('-fingerprint takes exactly that certificate', async (t) => {
  const stage = await stageFor(t, { managementCenter: { serverIdentity: stranger } });
  const wrong = await send(t, stage, `-fingerprint=${fingerprintOf(certificates.managementCenter)}`);
  refusedNothingSent(stage, wrong);
  assert.ok(wrong.stdout.includes(fingerprintOf(stranger)), wrong.stdout);
  const right = await send(t, stage, `-fingerprint=${fingerprintOf(stranger)}`);
  delivered(stage, right);
  assert.doesNotMatch(right.output, /WARNING/);
});

test('-insecure takes any certificate, with a WARNING every time', async (t) => {
  const stage = await stageFor(t, { managementCenter: { serverIdentity: expired } });
  for (const ended of [await send(t, stage, '-insecure'), await send(t, stage, '-insecure')]) {
    delivered(stage, ended);
    assert.match(ended.stdout, /\[WARNING\] The Management Center is not authenticated \(-insecure\)/);
  }
});

test('a certificate file without authority: a WARNING with the fingerprint and the option to pin it', async (t) => {
  const stage = await stageFor(t);
  const pkcs12 = await withoutAuthority(stage);
  const ended = await send(t, stage, pkcs12);
  delivered(stage, ended);
  const pin = `-fingerprint=${fingerprintOf(certificates.managementCenter)}`;
  const warnings = ended.stdout.split('\n').filter((line) => line.includes('[WARNING]'));
  assert.equal(warnings.length, 1, ended.stdout);
  assert.ok(warnings[0]?.includes(pin), warnings[0]);
  const pinned = await send(t, stage, pkcs12, pin);
  delivered(stage, pinned);
  assert.doesNotMatch(pinned.output, /WARNING/);
});

test('-fingerprint together with -insecure is refused before anything is contacted', async (t) => {
  const stage = await stageFor(t);
  const ended = await send(t, stage, '-insecure', `-fingerprint=${fingerprintOf(stranger)}`);
  assert.equal(ended.code, 2, ended.output);
  assert.equal(stage.managementCenter.connections.length, 0);
});

test('-legacytls reaches a server of TLS 1.0 with certificates of SHA-1, which is refused without', async (t) => {
  const internalAuthority = makeInternalAuthority({ digest: 'sha1' });
  const old = {
    ...certificates,
    internalAuthority,
    managementCenter: makeCertificate({
      subject: [{ name: 'commonName', value: 'old' }],
      issuer: internalAuthority,
      extensions: [],
      digest: 'sha1',
    }),
    client: makeHostInputClient(internalAuthority, '127.0.0.1', { digest: 'sha1' }),
  };
  const stage = await stageFor(t, {
    certificates: old,
    managementCenter: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
  });
  const without = await send(t, stage);
  assert.notEqual(without.code, 0);
  assert.match(without.stdout, /SHA-1.*-legacytls/);
  assert.equal(stage.managementCenter.connections.length, 0);
  delivered(stage, await send(t, stage, '-legacytls'));
});
