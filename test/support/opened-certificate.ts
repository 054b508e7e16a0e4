import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../src/secrets/secret.ts';
import {
  type ClientCertificate,
  openCertificateFile,
} from '../../src/management-center/certificate/client-certificate.ts';
import { type Pkcs12Content, writeLegacyPkcs12 } from '../../src/simulators/legacy-pkcs12.ts';

/** What a client has after opening a file of the appliance's form with this in it. */
export async function openedCertificate(content: Pkcs12Content, now?: Date): Promise<ClientCertificate> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-connector-'));
  try {
    const file = join(folder, 'client.pkcs12');
    writeFileSync(file, writeLegacyPkcs12(content, 'secret'), { mode: 0o600 });
    return await openCertificateFile(file, new Secret('secret'), now);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
