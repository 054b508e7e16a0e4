import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { AuthorityFileUnusableError } from './errors.ts';
import { readRegular } from '../../files/read-bounded.ts';
import { systemReason } from '../../files/system-reason.ts';

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** Bytes; a system's whole bundle has a quarter of a megabyte. */
const LARGEST = 8_388_608;

/** Reading all of Node's takes 40 ms, and a run may have many connections, each of which trusts the same. */
const made = new Map<string, SecureContext>();

/**
 * Trust for TLS when a file of further authorities is given: Node's own, those of NODE_EXTRA_CA_CERTS, and the
 * file's; undefined without a file, for Node's defaults. Naming any authority to Node replaces its defaults, so
 * that all must be named.
 * @throws AuthorityFileUnusableError
 */
export function trustAuthorities(file: string | undefined): SecureContext | undefined {
  if (file === undefined) return undefined;
  const own = findAuthorities(file);
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  // Node, too, reads the extra ones once in a process.
  const key = [extra, ...own].join();
  const known = made.get(key);
  if (known) return known;
  for (const certificate of own) assertReadable(file, certificate);
  const context = createSecureContext({
    ca: [...rootCertificates, ...(extra ? readExtra(extra) : []), ...own],
  });
  made.set(key, context);
  return context;
}

function findAuthorities(file: string): string[] {
  const found = readText(file).match(PEM_CERTIFICATE) ?? [];
  if (found.length === 0) throw new AuthorityFileUnusableError(file, 'it holds no PEM certificate');
  return found;
}

function assertReadable(file: string, certificate: string): void {
  try {
    new X509Certificate(certificate);
  } catch (error) {
    throw new AuthorityFileUnusableError(file, 'a certificate in it is damaged', error);
  }
}

function readText(file: string): string {
  try {
    return readRegular(file, LARGEST).toString('latin1');
  } catch (error) {
    throw new AuthorityFileUnusableError(file, systemReason(error), error);
  }
}

/** Node itself only warns of a NODE_EXTRA_CA_CERTS that it cannot read. */
function readExtra(file: string): string[] {
  try {
    return readRegular(file, LARGEST).toString('latin1').match(PEM_CERTIFICATE) ?? [];
  } catch {
    return [];
  }
}
