import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { openCertificateFile } from '../../../src/management-center/certificate/client-certificate.ts';
import { OpensslCannot, OpensslWorkshop } from '../../support/openssl-workshop.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const DAY = 86_400_000;

test('beside a renewed authority, its predecessor of the same name and key may be out of date', async (context) => {
  const workshop = new OpensslWorkshop(await temporaryDirectory(context));
  try {
    for (const days of ['10', '900']) {
      const ca = ['req', '-x509', '-key', 'root.pem', '-subj', '/CN=Renewed', '-days', days];
      workshop.openssl(...ca, '-out', `ca-${days}.crt`);
    }
  } catch (error) {
    if (!(error instanceof OpensslCannot)) throw error;
    context.skip(error.message);
    return;
  }
  const [old, renewed] = [workshop.read('ca-10.crt'), workshop.read('ca-900.crt')];
  workshop.write('renewed.pem', renewed, workshop.root.key);
  const client = workshop.read(workshop.client('EC P-256', 'renewed'));
  const file = workshop.write('client-with-both.pem', client, old, renewed);
  const soon = new Date(Date.now() + 20 * DAY);
  const { authorityValidTo, authorities } = await openCertificateFile(file, undefined, soon);
  assert.deepEqual(authorityValidTo, new Date(new X509Certificate(renewed).validTo));
  assert.equal(authorities.length, 2);
});
