import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { ConnectorError } from '../../../src/connector-error.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { openCertificateFile } from '../../../src/management-center/certificate/client-certificate.ts';
import { connectTls } from '../../../src/management-center/connection/connect.ts';
import { tlsServer } from '../../support/local-tls-server.ts';
import { type KeyKind, OpensslCannot, OpensslWorkshop } from '../../support/openssl-workshop.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const workshop = new OpensslWorkshop(await temporaryDirectory());

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
  /** With as many rounds of key derivation as openssl makes by itself; default: a few, which take no time. */
  readonly usualRounds?: true;
}

const PKCS12_KINDS: readonly Pkcs12Kind[] = [
  {
    name: "the appliance's own form with a password",
    password: 'secret',
    options: [...RC2, '-nomaciter'],
    usualRounds: true,
  },
  { name: "the appliance's own form without a password", options: [...RC2, '-nomaciter'] },
  { name: 'RC2-40 with MAC iterations', password: 'secret', options: RC2 },
  { name: 'triple DES', password: 'secret', options: both('PBE-SHA1-3DES', 'sha1'), usualRounds: true },
  { name: 'AES-128 with a SHA-1 MAC', password: 'secret', options: both('AES-128-CBC', 'sha1') },
  { name: 'AES-128 with a SHA-256 MAC', password: 'secret', options: both('AES-128-CBC', 'sha256') },
  { name: 'AES-192', password: 'secret', options: both('AES-192-CBC', 'sha256'), usualRounds: true },
  { name: 'AES-256 with a SHA-384 MAC', password: 'secret', options: both('AES-256-CBC', 'sha384') },
  { name: 'AES-256 with a SHA-512 MAC', password: 'secret', options: both('AES-256-CBC', 'sha512') },
  { name: 'PBES2 with triple DES', password: 'secret', options: both('DES-EDE3-CBC', 'sha256') },
  { name: 'AES-256 with many iterations', password: 'secret', options: ['-iter', '8000'] },
  { name: 'AES-256 with an empty password' },
  { name: 'AES-256 without a MAC', password: 'secret', options: ['-nomac'] },
  { name: 'RC2-40 without a MAC', password: 'secret', options: [...RC2, '-nomac'] },
  { name: 'no encryption at all', options: ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'] },
  { name: 'an unencrypted key', password: 'secret', options: ['-keypbe', 'NONE'] },
  { name: 'RC2-40 with a password beyond ASCII', password: 'Schlüssel ☃ 𝄞', options: RC2 },
  { name: 'AES-256 with a password beyond ASCII', password: 'Schlüssel ☃ 𝄞' },
  { name: 'a password of signs', password: '$(id) "quoted" \\ %41 ' },
  {
    name: 'friendly names beyond ASCII',
    password: 'secret',
    options: ['-name', 'Prüfer', '-caname', 'Stelle'],
  },
  { name: 'a chain from the bottom up', authorities: ['intermediate', 'root'] },
  { name: 'a chain from the top down', authorities: ['root', 'intermediate'] },
  { name: 'an authority that is no root', authorities: ['intermediate'] },
  { name: 'RSA 3072', key: 'RSA 3072', password: 'secret', options: RC2 },
  { name: 'EC P-256', key: 'EC P-256', password: 'secret' },
  { name: 'EC P-256 under RC2', key: 'EC P-256', password: 'secret', options: RC2 },
  { name: 'EC P-384', key: 'EC P-384', password: 'secret' },
  { name: 'Ed25519', key: 'Ed25519', password: 'secret' },
  { name: 'RSA-PSS', key: 'RSA-PSS 2048', password: 'secret' },
  { name: 'Ed25519 under RC2', key: 'Ed25519', password: 'secret', options: RC2 },
];

/** What forge does not open, and nothing writes that is not told to, with what the message calls it. */
const REFUSED_KINDS: readonly (Pkcs12Kind & { readonly called: string })[] = [
  {
    name: 'RC2-128',
    password: 'secret',
    options: ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128'],
    called: 'PBE-SHA1-RC2-128',
  },
  {
    name: 'triple DES with two keys',
    password: 'secret',
    options: both('PBE-SHA1-2DES', 'sha1'),
    called: 'PBE-SHA1-2DES',
  },
  {
    name: 'AES certificates, 3DES key, a password beyond ASCII',
    password: 'ñ',
    options: ['-keypbe', 'PBE-SHA1-3DES'],
    called: 'a password beyond ASCII under algorithms of two generations',
  },
  {
    name: 'AES-256 with too many iterations',
    password: 'secret',
    options: ['-iter', '334000'],
    called: '1002000 rounds of key derivation',
  },
  { name: 'a MAC over SHA-224', password: 'secret', options: ['-macalg', 'sha224'], called: 'sha224' },
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

test('a certificate comes out of a PKCS#12 byte for byte, whatever it is signed with', async (context) => {
  const file = await madeOrSkipped(context, () => {
    const pss = ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-subj', '/CN=signed with PSS'];
    workshop.openssl('req', '-x509', ...pss, '-noenc', '-keyout', 'pss.key', '-out', 'pss.crt');
    const output = ['-passout', 'pass:', '-out', 'pss.pkcs12'];
    workshop.openssl('pkcs12', '-export', '-in', 'pss.crt', '-inkey', 'pss.key', ...output);
    return `${workshop.folder}/pss.pkcs12`;
  });
  if (file === undefined) return;
  assert.equal((await openCertificateFile(file, undefined)).certificate, workshop.read('pss.crt'));
});

describe('A PKCS#12 that forge does not open is refused with a command that converts it:', () => {
  for (const kind of REFUSED_KINDS) {
    test(kind.name, (context) =>
      shakeHandsWith(context, kind, async () => {
        const file = `${workshop.folder}/it's.pkcs12`;
        renameSync(makePkcs12(kind), file);
        const { message } = await refusalOf(file, kind.password);
        assert.ok(message.includes(`uses ${kind.called}, which is not supported`), message);
        const [command = ''] = /openssl pkcs12 .*(?= \(without)/.exec(message) ?? [];
        execFileSync('sh', ['-c', `${command} -passin env:PASSWORD -passout env:PASSWORD`], {
          env: { ...process.env, PASSWORD: kind.password },
          stdio: 'pipe',
        });
        return `${file}.pem`;
      }),
    );
  }
});

describe('A wrong password is told as such:', () => {
  const kinds = PKCS12_KINDS.filter(({ name }) => /own form|MAC|beyond|AES-192|unencrypted key/.test(name));
  for (const kind of kinds) {
    test(kind.name, async (context) => {
      const file = await madeOrSkipped(context, () => makePkcs12(kind));
      if (file === undefined) return;
      // Without a MAC, chance lets some through the padding: hence many.
      const tries = kind.name.includes('without a MAC') ? 20 : 1;
      const passwords = Array.from({ length: tries }, (_, at) => `wrong ${at}`);
      for (const password of [...passwords, 'fälsch ☃']) {
        assert.equal((await refusalOf(file, password)).code, 'QC5004');
      }
      if (kind.password !== undefined) assert.equal((await refusalOf(file)).code, 'QC5005');
    });
  }
});

test('a key in PEM that asks for minutes of work is refused with a command that converts it', async (context) => {
  const iterations = ['-topk8', '-v2', 'aes256', '-iter', '1002000'];
  const kind = { name: 'slow', password: 'secret', change: encryptKey('pkcs8', ...iterations) };
  await shakeHandsWith(context, kind, async () => {
    const file = makePem(kind);
    const { code, message } = await refusalOf(file, kind.password);
    assert.equal(code, 'QC5007');
    assert.match(message, /uses 1002000 rounds of key derivation/);
    const [command = ''] = /openssl pkey .* -out key\.pem/.exec(message) ?? [];
    execFileSync('sh', ['-c', `${command} -passin pass:secret -passout pass:secret`], {
      cwd: workshop.folder,
    });
    const certificates = readFileSync(file, 'utf8').replace(/^[^]*END ENCRYPTED PRIVATE KEY-----/, '');
    return workshop.write('converted.pem', workshop.read('key.pem'), certificates);
  });
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

const made = new Map<Pkcs12Kind, string>();

function makePkcs12(kind: Pkcs12Kind): string {
  const known = made.get(kind);
  if (known !== undefined) return known;
  const name = `${made.size}.pkcs12`;
  const client = workshop.client(kind.key ?? 'RSA 2048', issuerOf(kind));
  workshop.write('others.pem', ...authoritiesOf(kind).map((name) => workshop[name].certificate));
  workshop.openssl(
    ...['pkcs12', '-export', ...(kind.usualRounds ? [] : ['-iter', '16']), ...(kind.options ?? [])],
    ...['-in', client, '-certfile', 'others.pem', '-passout', `pass:${kind.password ?? ''}`, '-out', name],
  );
  made.set(kind, `${workshop.folder}/${name}`);
  return `${workshop.folder}/${name}`;
}

function makePem(kind: PemKind): string {
  const client = workshop.read(workshop.client(kind.key ?? 'RSA 2048', issuerOf(kind)));
  const pem = [client, ...authoritiesOf(kind).map((name) => workshop[name].certificate)].join('');
  return workshop.write('client-and-authorities.pem', kind.change ? kind.change(pem) : pem);
}

/** What was made; undefined, and the test skipped, where this machine's openssl cannot make it. */
async function madeOrSkipped(
  context: TestContext,
  make: () => string | Promise<string>,
): Promise<string | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof OpensslCannot)) throw error;
    context.skip(error.message);
    return undefined;
  }
}

async function refusalOf(file: string, password?: string): Promise<ConnectorError> {
  const refusal: unknown = await openCertificateFile(file, secretOf(password)).catch(
    (error: unknown) => error,
  );
  assert.ok(refusal instanceof ConnectorError, String(refusal));
  return refusal;
}

function secretOf(password: string | undefined): Secret | undefined {
  return password === undefined ? undefined : new Secret(password);
}

/** The server demands a certificate under the root, and has one itself from the client's issuer. */
async function shakeHandsWith(
  context: TestContext,
  kind: Kind,
  make: () => string | Promise<string>,
): Promise<void> {
  const file = await madeOrSkipped(context, make);
  if (file === undefined) return;
  const certificate = await openCertificateFile(file, secretOf(kind.password));
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
