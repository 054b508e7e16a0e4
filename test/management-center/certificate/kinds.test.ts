import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { Secret } from '../../../src/secrets/secret.ts';
import { openCertificateFile } from '../../../src/management-center/certificate/client-certificate.ts';
import { connectTls } from '../../../src/management-center/connection/connect.ts';
import { tlsServer } from '../../support/local-tls-server.ts';
import { type KeyKind, OpensslCannot, OpensslWorkshop } from '../../support/openssl-workshop.ts';

const workshop = new OpensslWorkshop();

const RC2 = ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
const both = (algorithm: string, mac: string) => [
  '-certpbe',
  algorithm,
  '-keypbe',
  algorithm,
  '-macalg',
  mac,
];

interface Kind {
  readonly name: string;
  /** Default RSA 2048. */
  readonly key?: KeyKind;
  /** Default none. */
  readonly password?: string;
  /** The authorities in the file, in its order; the first is the default. */
  readonly authorities?: readonly ('root' | 'intermediate')[];
}

interface Pkcs12Kind extends Kind {
  /** For `openssl pkcs12 -export`; none is its default, AES-256 with a SHA-256 MAC. */
  readonly options?: readonly string[];
}

const PKCS12_KINDS: readonly Pkcs12Kind[] = [
  { name: "the appliance's own form with a password", password: 'secret', options: [...RC2, '-nomaciter'] },
  { name: "the appliance's own form without a password", options: [...RC2, '-nomaciter'] },
  { name: 'RC2-40 with MAC iterations', password: 'secret', options: RC2 },
  { name: 'RC2-128', password: 'secret', options: ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128'] },
  { name: 'triple DES', password: 'secret', options: both('PBE-SHA1-3DES', 'sha1') },
  { name: 'triple DES with two keys', password: 'secret', options: both('PBE-SHA1-2DES', 'sha1') },
  { name: 'AES-128 with a SHA-1 MAC', password: 'secret', options: both('AES-128-CBC', 'sha1') },
  { name: 'AES-128 with a SHA-256 MAC', password: 'secret', options: both('AES-128-CBC', 'sha256') },
  { name: 'AES-192', password: 'secret', options: both('AES-192-CBC', 'sha256') },
  { name: 'AES-256 with a SHA-384 MAC', password: 'secret', options: both('AES-256-CBC', 'sha384') },
  { name: 'AES-256 with a SHA-512 MAC', password: 'secret', options: both('AES-256-CBC', 'sha512') },
  { name: 'PBES2 with triple DES', password: 'secret', options: both('DES-EDE3-CBC', 'sha256') },
  { name: 'AES-256 with many iterations', password: 'secret', options: ['-iter', '100000'] },
  { name: 'AES-256 with an empty password' },
  { name: 'AES-256 without a MAC', password: 'secret', options: ['-nomac'] },
  { name: 'RC2-40 without a MAC', password: 'secret', options: [...RC2, '-nomac'] },
  { name: 'no encryption at all', options: ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'] },
  { name: 'an unencrypted key', password: 'secret', options: ['-keypbe', 'NONE'] },
  { name: 'RC2-40 with a password beyond ASCII', password: 'Schlüssel ☃ 𝄞', options: RC2 },
  { name: 'AES-256 with a password beyond ASCII', password: 'Schlüssel ☃ 𝄞' },
  {
    name: 'AES certificates, 3DES key, a password beyond ASCII',
    password: 'ñ',
    options: ['-keypbe', 'PBE-SHA1-3DES'],
  },
  { name: 'a password of signs', password: '$(id) "quoted" \\ %41 ' },
  {
    name: 'friendly names beyond ASCII',
    password: 'secret',
    options: ['-name', 'Prüfer', '-caname', 'Stelle'],
  },
  { name: 'a chain from the bottom up', authorities: ['intermediate', 'root'] },
  { name: 'a chain from the top down', authorities: ['root', 'intermediate'] },
  { name: 'an authority that is no root', authorities: ['intermediate'] },
  { name: 'RSA 4096', key: 'RSA 4096', password: 'secret', options: RC2 },
  { name: 'EC P-256', key: 'EC P-256', password: 'secret' },
  { name: 'EC P-256 under RC2', key: 'EC P-256', password: 'secret', options: RC2 },
  { name: 'EC P-384', key: 'EC P-384', password: 'secret' },
  { name: 'Ed25519', key: 'Ed25519', password: 'secret' },
  { name: 'Ed25519 under RC2', key: 'Ed25519', password: 'secret', options: RC2 },
];

interface PemKind extends Kind {
  /** Changes the unencrypted PEM text, key first. */
  readonly change?: (pem: string) => string;
}

const encryptKey = (...options: string[]) => {
  return (pem: string) => {
    workshop.write('plain.key', pem);
    const key = workshop.openssl(...options, '-in', 'plain.key', '-passout', 'pass:secret');
    return pem.replace(/-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----\n/, key);
  };
};

const PEM_KINDS: readonly PemKind[] = [
  { name: 'plain' },
  { name: 'with line ends of Windows', change: (pem) => pem.replaceAll('\n', '\r\n') },
  {
    name: 'certificate first',
    change: (pem) =>
      pem
        .split(/(?<=END PRIVATE KEY-----\n)/)
        .reverse()
        .join(''),
  },
  {
    name: 'with words between the blocks',
    change: (pem) => pem.replaceAll('-----BEGIN', 'Bag Attributes\n-----BEGIN'),
  },
  { name: 'EC', key: 'EC P-256' },
  { name: 'Ed25519', key: 'Ed25519' },
  { name: 'a chain from the top down', authorities: ['root', 'intermediate'] },
  { name: 'a key under AES', password: 'secret', change: encryptKey('pkcs8', '-topk8', '-v2', 'aes256') },
  {
    name: "a key in OpenSSL's older form",
    password: 'secret',
    change: encryptKey('rsa', '-traditional', '-aes128'),
  },
  {
    name: 'a key under RC2-40',
    password: 'secret',
    change: encryptKey(
      ...['pkcs8', '-provider', 'legacy', '-provider', 'default'],
      ...['-topk8', '-v1', 'PBE-SHA1-RC2-40'],
    ),
  },
];

describe('A PKCS#12 made by openssl opens, and a TLS server accepts its certificate:', () => {
  for (const kind of PKCS12_KINDS) {
    test(kind.name, (context) => shakeHandsWith(context, kind, () => makePkcs12(kind)));
  }
});

describe('A PEM file opens, and a TLS server accepts its certificate:', () => {
  for (const kind of PEM_KINDS) {
    test(kind.name, (context) => shakeHandsWith(context, kind, () => makePem(kind)));
  }
});

function authoritiesOf(kind: Kind): readonly ('root' | 'intermediate')[] {
  return kind.authorities ?? ['root'];
}

function issuerOf(kind: Kind): 'root' | 'intermediate' {
  return authoritiesOf(kind).includes('intermediate') ? 'intermediate' : 'root';
}

function makePkcs12(kind: Pkcs12Kind): string {
  const client = workshop.client(kind.key ?? 'RSA 2048', issuerOf(kind));
  workshop.write('others.pem', ...authoritiesOf(kind).map((name) => workshop[name].certificate));
  workshop.openssl(
    ...['pkcs12', '-export', ...(kind.options ?? []), '-in', client, '-certfile', 'others.pem'],
    ...['-passout', `pass:${kind.password ?? ''}`, '-out', 'client.pkcs12'],
  );
  return `${workshop.folder}/client.pkcs12`;
}

function makePem(kind: PemKind): string {
  const client = workshop.read(workshop.client(kind.key ?? 'RSA 2048', issuerOf(kind)));
  const pem = [client, ...authoritiesOf(kind).map((name) => workshop[name].certificate)].join('');
  return workshop.write('client-and-authorities.pem', kind.change ? kind.change(pem) : pem);
}

/** The server demands a certificate under the root, and has one itself from the client's issuer. */
async function shakeHandsWith(context: TestContext, kind: Kind, make: () => string): Promise<void> {
  let file;
  try {
    file = make();
  } catch (error) {
    if (!(error instanceof OpensslCannot)) throw error;
    context.skip(error.message);
    return;
  }
  const password = kind.password === undefined ? undefined : new Secret(kind.password);
  const certificate = await openCertificateFile(file, password);
  const { certificate: cert, key } = workshop.servers[issuerOf(kind)];
  const demands = { ca: workshop.root.certificate, requestCert: true, rejectUnauthorized: true };
  const target = await tlsServer(context, { cert, key, ...demands }, (socket) => {
    socket.end(socket.getPeerX509Certificate()?.subject ?? '');
  });
  const options = { connectTimeout: 10, handshakeTimeout: 10, legacyTls: false, signal: context.signal };
  const socket = await connectTls(target, certificate, { kind: 'internal-ca' }, options);
  const [subject] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  assert.equal(subject, `CN=${kind.key ?? 'RSA 2048'}`);
}
