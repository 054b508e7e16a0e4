import { ConnectorError } from '../../connector-error.ts';
import type { Check } from '../../check.ts';
import { permissionWarning } from '../../files/permissions.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { HOST_INPUT_TITLE } from './distinguished-name.ts';
import { day } from './errors.ts';
import { daysLeft } from './validity.ts';

/**
 * The lines of -test about the certificate file: whose it is, who can read it, how long it is good.
 * @param open opens the file; a ConnectorError from it becomes the line that failed
 */
export async function* checkCertificate(
  open: () => Promise<ClientCertificate>,
  now = new Date(),
): AsyncGenerator<Check> {
  let certificate;
  try {
    certificate = await open();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    yield { name: 'certificate file', ok: false, detail: error.message };
    return;
  }
  yield checkFile(certificate);
  yield checkPermissions(certificate);
  yield checkDays(certificate, now);
}

function checkFile({ file, subject, title }: ClientCertificate): Check {
  const other =
    title === undefined || title === HOST_INPUT_TITLE ? '' : ` (made for '${title}', not for host input)`;
  return { name: 'certificate file', ok: true, detail: `${file}: ${subject}${other}` };
}

function checkPermissions({ file, mode }: ClientCertificate): Check {
  const warning = permissionWarning(file);
  const detail = warning ?? `mode ${mode.toString(8).padStart(4, '0')}`;
  return { name: 'certificate file permissions', ok: warning === undefined, detail };
}

function checkDays({ validTo, authorityValidTo }: ClientCertificate, now: Date): Check {
  const until = (end: Date) => `${day(end)}, ${daysLeft(end, now)} days left`;
  const authority = authorityValidTo ? `; its authority until ${until(authorityValidTo)}` : '';
  return { name: 'certificate validity', ok: true, detail: `until ${until(validTo)}${authority}` };
}
