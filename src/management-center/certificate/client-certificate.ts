import { permissionWarning } from '../../files/permissions.ts';
import type { Secret } from '../../secrets/secret.ts';
import {
  arrangeChain,
  type CertificateChain,
  type CertificateSource,
  type FileParts,
  isSelfSigned,
} from './chain.ts';
import { looksLikePem, readPem } from './pem.ts';
import { readCertificateFile } from './read.ts';
import { checkValidity } from './validity.ts';
import { distinguishedName, HOST_INPUT_TITLE, nameValue } from './distinguished-name.ts';
import { isWeak } from './weakness.ts';

/** A certificate file, opened: everything that a TLS connection to the Management Center needs. */
export interface ClientCertificate {
  /** Its path, for messages. */
  readonly file: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM, unencrypted PKCS#8; it exists in memory only. */
  readonly key: string;
  /** PEM; intermediate authorities, to be sent along, from the client's own upwards. */
  readonly chain: readonly string[];
  /** PEM; what the server's chain is checked against: the Management Center's Internal CA. May be none. */
  readonly authorities: readonly string[];
  /** One line, e.g. `CN=192.0.2.7, OU=Intrusion Management System, …`. */
  readonly subject: string;
  readonly issuer: string;
  /** `hostinputd` in a host input client's certificate. */
  readonly title: string | undefined;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** The end of the first of its issuers in the file to end; undefined when none is in the file. */
  readonly authorityValidTo: Date | undefined;
  /** The file's permission bits, e.g. 0o600. */
  readonly mode: number;
  /** Signed with SHA-1, or of a short key: -legacytls is needed. */
  readonly weakSignature: boolean;
  /** Sentences to be logged as warnings: ends that are near, wide permissions, another service's certificate. */
  readonly warnings: readonly string[];
}

/**
 * Opens a PKCS#12 or PEM file in memory; nothing of the key is written anywhere.
 * @param password undefined is the same as the empty password
 * @throws the classes of errors.ts, all of exit code 2
 */
export async function openCertificateFile(
  path: string,
  password: Secret | undefined,
  now = new Date(),
): Promise<ClientCertificate> {
  const { bytes, mode } = await readCertificateFile(path);
  const parts = await readParts({ file: path, bytes, password: password?.reveal() ?? '' });
  const chain = arrangeChain(path, parts, now);
  const warnings = checkValidity(path, chain, now);
  const certificate = describe(path, chain, mode);
  const readers = permissionWarning(path);
  return {
    ...certificate,
    warnings: [...warnings, ...warnOfTitle(certificate), ...(readers === undefined ? [] : [readers])],
  };
}

async function readParts(source: CertificateSource): Promise<FileParts> {
  if (looksLikePem(source.bytes)) return readPem(source);
  const { readPkcs12 } = await import('./pkcs12.ts');
  return readPkcs12(source);
}

/** Every service of the Management Center has clients of its own; it hangs up on another's without a word. */
function warnOfTitle({ file, title }: ClientCertificate): string[] {
  if (title === undefined || title === HOST_INPUT_TITLE) return [];
  return [
    `The certificate in '${file}' was made for another service: its title is '${title}', not '${HOST_INPUT_TITLE}'.`,
  ];
}

function describe(file: string, parts: CertificateChain, mode: number): ClientCertificate {
  const { leaf, issuers } = parts;
  const intermediates = issuers.filter((issuer) => !isSelfSigned(issuer));
  const ends = issuers.map((issuer) => new Date(issuer.validTo)).sort((a, b) => a.getTime() - b.getTime());
  return {
    file,
    certificate: leaf.toString(),
    key: parts.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    chain: intermediates.map(String),
    authorities: parts.authorities.map(String),
    subject: distinguishedName(leaf.subject),
    issuer: distinguishedName(leaf.issuer),
    title: nameValue(leaf.subject, 'title'),
    validFrom: new Date(leaf.validFrom),
    validTo: new Date(leaf.validTo),
    authorityValidTo: ends[0],
    mode,
    weakSignature: [leaf, ...intermediates].some(isWeak),
    warnings: [],
  };
}
