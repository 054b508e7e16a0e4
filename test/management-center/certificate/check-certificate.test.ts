import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Check } from '../../../src/check.ts';
import type { ClientCertificate } from '../../../src/management-center/certificate/client-certificate.ts';
import { CertificateFileNotFoundError } from '../../../src/management-center/certificate/errors.ts';
import { checkCertificate } from '../../../src/management-center/certificate/check-certificate.ts';
import { makeHostInputClient, makeInternalAuthority } from '../../../src/simulators/certificates.ts';
import { openedCertificate } from '../../support/opened-certificate.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import '../../support/keys.ts';

const now = new Date('2026-06-01T00:00:00Z');
const notBefore = new Date('2020-01-01T00:00:00Z');
const authority = makeInternalAuthority({ notBefore, notAfter: new Date('2037-06-01T00:00:00Z') });
const client = makeHostInputClient(authority, '192.0.2.7', {
  notBefore,
  notAfter: new Date('2036-07-01T00:00:00Z'),
});
const certificate = await openedCertificate({ ...client, authority: authority.certificate }, now);

async function checks(open: () => Promise<ClientCertificate>): Promise<Check[]> {
  const lines: Check[] = [];
  for await (const line of checkCertificate(open, now)) lines.push(line);
  return lines;
}

test('a good certificate file gives three good lines', async () => {
  const lines = await checks(() => Promise.resolve({ ...certificate, file: 'client.pkcs12' }));
  assert.ok(lines.every(({ ok }) => ok));
  assert.match(lines[0]?.detail ?? '', /^client\.pkcs12: CN=192\.0\.2\.7, .*[0-9a-f]$/);
  assert.deepEqual(lines.slice(1), [
    { name: 'certificate file permissions', ok: true, detail: 'mode 0600' },
    {
      name: 'certificate validity',
      ok: true,
      detail: 'until 2036-07-01, 3683 days left; its authority until 2037-06-01, 4018 days left',
    },
  ]);
});

test('a file that everybody can read fails, with the command that mends it', async (t) => {
  const file = join(await temporaryDirectory(t), 'client.pkcs12');
  await writeFile(file, '', { mode: 0o644 });
  const lines = await checks(() => Promise.resolve({ ...certificate, file }));
  assert.equal(lines[1]?.ok, false);
  assert.ok(lines[1].detail.endsWith(`(mode 0644), which holds secrets: chmod 600 ${file}`), lines[1].detail);
});

test('a file that does not open is one failed line', async () => {
  const error = new CertificateFileNotFoundError('client.pkcs12');
  const lines = await checks(() => Promise.reject(error));
  assert.deepEqual(lines, [{ name: 'certificate file', ok: false, detail: error.message }]);
});

test('a fault of the program is not taken for one of the file', async () => {
  await assert.rejects(
    checks(() => Promise.reject(new TypeError('a fault'))),
    TypeError,
  );
});

test("another service's certificate is told", async () => {
  const lines = await checks(() => Promise.resolve({ ...certificate, title: 'estreamer' }));
  assert.match(lines[0]?.detail ?? '', /made for 'estreamer', not for host input/);
});
