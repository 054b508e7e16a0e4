import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../src/secrets/secret.ts';
import {
  type ClientCertificate,
  openCertificateFile,
} from '../../src/management-center/certificate/client-certificate.ts';
import { type Pkcs12Content, writeLegacyPkcs12 } from '../../src/simulators/legacy-pkcs12.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** What a client has after opening a file of the appliance's form with this in it. */
export async function openedCertificate(content: Pkcs12Content, now?: Date): Promise<ClientCertificate> {
  const file = join(await temporaryDirectory(), 'client.pkcs12');
  await writeFile(file, writeLegacyPkcs12(content, 'secret', 1), { mode: 0o600 });
  return openCertificateFile(file, new Secret('secret'), now);
}
