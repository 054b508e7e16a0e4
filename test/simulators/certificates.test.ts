import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import forge from 'node-forge';
import {
  type Identity,
  makeHostInputClient,
  makeInternalAuthority,
} from '../../src/simulators/certificates.ts';
import { writeLegacyPkcs12 } from '../../src/simulators/legacy-pkcs12.ts';
import { certificates } from '../support/certificates.ts';

const authority = makeInternalAuthority();
const client = makeHostInputClient(authority, '192.0.2.7');

test('the Internal CA has the name and the serial number of a real one', () => {
  const made = new X509Certificate(authority.certificate);
  assert.match(
    made.subject,
    /^title=InternalCA \+ OU=Intrusion Management System \+ CN=[0-9a-f-]{36}\nO=Cisco Systems\\, Inc$/,
  );
  assert.equal(made.issuer, made.subject);
  assert.equal(Number(`0x${made.serialNumber}`), 0);
  assert.ok(made.ca);
  assert.ok(made.verify(made.publicKey));
});

test("a host input client's certificate has the fields of a real one, in their order", () => {
  const made = new X509Certificate(client.certificate);
  assert.deepEqual(made.subject.split('\n'), [
    'CN=192.0.2.7',
    'OU=Intrusion Management System',
    'O=Cisco Systems\\, Inc',
    'title=hostinputd',
    'generationQualifier=client_e276abec-e0f2-11e3-8169-6d9ed49b625f',
  ]);
  assert.equal(made.subjectAltName, 'DNS:192.0.2.7');
  assert.deepEqual(made.keyUsage, ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
  assert.ok(!made.ca);
});

test('the client chains to the Internal CA', () => {
  const issuer = new X509Certificate(authority.certificate);
  const made = new X509Certificate(client.certificate);
  assert.ok(made.checkIssued(issuer) && made.verify(issuer.publicKey));
});

for (const password of ['', 'secret', 'Schlüssel ☃']) {
  test(`forge opens the legacy PKCS#12 with the password '${password}'`, () => {
    const file = writeLegacyPkcs12({ ...client, authority: authority.certificate }, password);
    const asn1 = forge.asn1.fromDer(file.toString('binary'));
    const opened = forge.pkcs12.pkcs12FromAsn1(asn1, password);
    const [encrypted, plain] = opened.safeContents;
    assert.equal(encrypted?.encrypted, true);
    const certificates = encrypted.safeBags.map((bag) => bag.cert && forge.pki.certificateToPem(bag.cert));
    assert.deepEqual(
      certificates.map(raw),
      [client, authority].map(({ certificate }) => raw(certificate)),
    );
    assert.ok(plain?.safeBags[0]?.key);
  });
}

test("the legacy PKCS#12's MAC leaves out the number of iterations", () => {
  const file = writeLegacyPkcs12(client, 'secret');
  const [, , mac] = forge.asn1.fromDer(file.toString('binary')).value as forge.asn1.Asn1[];
  assert.equal(mac?.value.length, 2);
});

test('no two certificates have the same key, nor one that the stage of all tests has', () => {
  const identities = [
    authority,
    client,
    makeInternalAuthority(),
    ...Object.values<Identity>({ ...certificates }),
  ];
  const keys = new Set(identities.map(({ key }) => key));
  assert.equal(keys.size, identities.length);
});

function raw(pem: string | undefined): string {
  return new X509Certificate(pem ?? '').raw.toString('hex');
}
