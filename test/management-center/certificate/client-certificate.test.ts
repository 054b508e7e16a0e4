import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../../src/secrets/secret.ts';
import { ConnectorError } from '../../../src/connector-error.ts';
import { openCertificateFile } from '../../../src/management-center/certificate/client-certificate.ts';
import {
  makeAuthority,
  makeCertificate,
  makeHostInputClient,
  makeInternalAuthority,
} from '../../../src/simulators/certificates.ts';
import { writeLegacyPkcs12 } from '../../../src/simulators/legacy-pkcs12.ts';
import { withoutRoot } from '../../support/without-root.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import '../../support/keys.ts';

const folder = await temporaryDirectory();

const authority = makeInternalAuthority();
const client = makeHostInputClient(authority, '192.0.2.7');
const withAuthority = { ...client, authority: authority.certificate };
const PASSWORD = 'open sesame';
const legacy = writeLegacyPkcs12(withAuthority, PASSWORD);
const encryptedKey = createPrivateKey(client.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: PASSWORD })
  .toString();

function write(content: string | Buffer, mode = 0o600): string {
  const file = join(folder, `${readdirSync(folder).length}.pkcs12`);
  writeFileSync(file, content, { mode });
  return file;
}

/** Opens what should not open, and returns the message. */
async function messageOf(content: string | Buffer, password?: string, now?: Date): Promise<string> {
  return await refusalOf(write(content), password, now);
}

async function refusalOf(file: string, password?: string, now?: Date): Promise<string> {
  try {
    await openCertificateFile(file, password === undefined ? undefined : new Secret(password), now);
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.exitCode, 2);
    assert.ok(!password || !error.message.includes(password));
    return error.message;
  }
  return assert.fail('it opened');
}

describe('A file of the appliance', () => {
  test('opens to everything that a connection needs', async () => {
    const file = write(legacy);
    const opened = await openCertificateFile(file, new Secret(PASSWORD));
    assert.equal(opened.file, file);
    assert.equal(opened.certificate.trim(), client.certificate.trim().replaceAll('\r', ''));
    assert.equal(opened.key, client.key);
    assert.deepEqual(opened.chain, []);
    assert.equal(opened.authorities.length, 1);
    assert.match(opened.subject, /^CN=192\.0\.2\.7, OU=Intrusion Management System, .*title=hostinputd, /);
    assert.match(opened.issuer, /^title=InternalCA \+ OU=/);
    assert.equal(opened.title, 'hostinputd');
    assert.equal(opened.weakSignature, false);
    assert.deepEqual(opened.warnings, []);
  });

  test('opens with trailing bytes, as some ways of copying add them', async () => {
    await openCertificateFile(write(Buffer.concat([legacy, Buffer.from('\r\n')])), new Secret(PASSWORD));
  });

  test('leaves nothing behind on disk', async () => {
    const file = write(legacy);
    const before = readdirSync(folder);
    await openCertificateFile(file, new Secret(PASSWORD));
    assert.deepEqual(readdirSync(folder), before);
  });
});

describe('A file that does not open is told apart:', () => {
  test('it does not exist', async () => {
    assert.match(await refusalOf(join(folder, 'none.pkcs12')), /does not exist\. Download it .*QC5001/);
  });

  test('it is a directory', async () => {
    assert.match(await refusalOf(folder), /cannot be read: it is a directory.*QC5002/);
  });

  test('it may not be read', async () => {
    const file = write(legacy);
    chmodSync(file, 0);
    const refusal = await withoutRoot(() => refusalOf(file, PASSWORD));
    assert.match(refusal, /cannot be read: this user may not write or read there \(EACCES\).*QC5002/);
  });

  test('it is a link to itself', async () => {
    const file = join(folder, 'loop');
    symlinkSync(file, file);
    assert.match(await refusalOf(file), /symbolic links lead in a circle.*QC5002/);
  });

  test('it is empty', async () => {
    assert.match(await messageOf(''), /is not a PKCS#12 or PEM file: it is empty.*QC5003/);
  });

  test('it is huge', async () => {
    assert.match(await messageOf(Buffer.alloc(1_048_577, 48)), /larger than 1 MB.*QC5003/);
  });

  test('it is a web page', async () => {
    assert.match(await messageOf('<!DOCTYPE html><html></html>'), /it is a web page.*QC5003/);
  });

  test('it is something else', async () => {
    assert.match(await messageOf('SetSource,nothing\n'), /is not a PKCS#12 or PEM file: .*QC5003/);
  });

  test('it is cut off, at any length', async () => {
    for (let length = 1; length < legacy.length; length += 97) {
      assert.match(await messageOf(legacy.subarray(0, length), PASSWORD), /QC5003/);
    }
  });

  test('its PEM is cut off', async () => {
    const pem = client.key + client.certificate;
    assert.match(await messageOf(pem.slice(0, -40)), /it is cut off.*QC5003/);
  });

  test('the password is wrong', async () => {
    assert.match(await messageOf(legacy, 'wrong'), /The password does not open .*QC5004/);
    assert.match(await messageOf(encryptedKey + client.certificate, 'wrong'), /QC5004/);
  });

  test('a password is needed', async () => {
    for (const password of [undefined, '']) {
      assert.match(await messageOf(legacy, password), /needs a password.*-passwordfile=.*QC5005/);
      assert.match(await messageOf(encryptedKey + client.certificate, password), /QC5005/);
    }
  });

  test('there is no key in it', async () => {
    assert.match(await messageOf(client.certificate), /no private key in .*QC5008/);
  });

  test('there is no certificate in it', async () => {
    assert.match(await messageOf(client.key), /no certificate in .*QC5009/);
  });

  test('the key belongs to none of the certificates', async () => {
    const mixed = writeLegacyPkcs12({ ...withAuthority, key: makeAuthority('other').key }, PASSWORD);
    assert.match(await messageOf(mixed, PASSWORD), /does not belong to any certificate in it.*QC5010/);
  });
});

describe('What is not supported is named, with the command that converts the file:', () => {
  /** A file without MAC, which would cover the change: the first object identifier ends otherwise. */
  function changed(oid: string, end: number): Buffer {
    const file = Buffer.from(writeLegacyPkcs12(withAuthority, ''));
    const identifier = Buffer.from(oid, 'hex');
    file[file.indexOf(identifier) + identifier.length - 1] = end;
    return withoutMac(file);
  }
  const kinds = {
    'PBE-SHA1-RC4-40': changed('2a864886f70d010c0106', 2),
    'the algorithm 1.2.840.113549.1.12.1.99': changed('2a864886f70d010c0106', 99),
    'a signature in place of a password': changed('2a864886f70d010701', 2),
    'encryption to a public key': changed('2a864886f70d010706', 3),
  };
  for (const [called, file] of Object.entries(kinds)) {
    test(called, async () => {
      const message = await messageOf(file);
      assert.ok(message.includes(`uses ${called}, which is not supported`), message);
      assert.match(message, /openssl pkcs12 -legacy -in \S+\.pkcs12 -out \S+\.pkcs12\.pem .*QC5006/);
    });
  }
});

/** Cuts the last of the three parts of a PFX off. */
function withoutMac(pfx: Buffer): Buffer {
  const contentLength = pfx.readUInt16BE(9) + 4;
  const content = pfx.subarray(4, 4 + 3 + contentLength);
  const header = Buffer.from([0x30, 0x82, 0, 0]);
  header.writeUInt16BE(content.length, 2);
  return Buffer.concat([header, content]);
}

test('a file that asks for minutes or years of work is refused at once', async () => {
  for (const rounds of [5_000_000, 0x7fffffff]) {
    // The two other parts of it ask for 2048 each.
    const expected = new RegExp(`uses ${rounds + 4096} rounds of key derivation, .*QC5006`);
    assert.match(await messageOf(withMacRounds(legacy, rounds), PASSWORD), expected);
  }
});

/** Adds the number of rounds that the appliance leaves out at the end of a PFX. */
function withMacRounds(pfx: Buffer, rounds: number): Buffer {
  const number = Buffer.from([0x02, 0x04, 0, 0, 0, 0]);
  number.writeUInt32BE(rounds, 2);
  const longer = Buffer.concat([pfx, number]);
  longer.writeUInt16BE(pfx.readUInt16BE(2) + number.length, 2);
  const macAt = 4 + 3 + 4 + pfx.readUInt16BE(9);
  longer[macAt + 1] = (pfx[macAt + 1] ?? 0) + number.length;
  return longer;
}

describe('Time', () => {
  const from = new Date('2026-01-01T00:00:00Z');
  const to = new Date('2026-12-31T00:00:00Z');
  const later = new Date('2027-12-31T00:00:00Z');
  const oldAuthority = makeInternalAuthority({ notBefore: from, notAfter: to });
  const outlives = makeHostInputClient(oldAuthority, '192.0.2.9', { notBefore: from, notAfter: later });
  const underOld = writeLegacyPkcs12({ ...outlives, authority: oldAuthority.certificate }, '');

  async function warnings(content: Buffer, now: string): Promise<readonly string[]> {
    return (await openCertificateFile(write(content), undefined, new Date(now))).warnings;
  }

  test('a certificate of tomorrow is refused', async () => {
    const freshAuthority = makeInternalAuthority({ notBefore: from });
    const young = makeHostInputClient(freshAuthority, '192.0.2.8', { notBefore: from });
    const message = await messageOf(writeLegacyPkcs12(young, ''), undefined, new Date('2025-12-31'));
    assert.match(message, /valid only from 2026-01-01T00:00:00\.000Z\. Check this host's clock.*QC5011/);
  });

  test('a certificate of yesterday is refused', async () => {
    const message = await messageOf(underOld, undefined, new Date('2028-01-01'));
    assert.match(message, /The client certificate 'CN=192\.0\.2\.9, .*' .* expired on 2027-12-31.*QC5012/);
  });

  test('an authority of yesterday is refused', async () => {
    const message = await messageOf(underOld, undefined, new Date('2027-01-01'));
    assert.match(message, /The authority 'title=InternalCA .*' .* expired on 2026-12-31.*QC5013/);
  });

  test('31 days ahead nothing is said', async () => {
    const { validTo, authorityValidTo } = await openCertificateFile(write(underOld), undefined, from);
    assert.deepEqual([validTo, authorityValidTo], [later, to]);
    assert.deepEqual(await warnings(underOld, '2026-11-30T00:00:00Z'), []);
  });

  test('30 days ahead the end of the authority is told', async () => {
    const [warning, ...others] = await warnings(underOld, '2026-12-01T00:00:00Z');
    assert.match(warning ?? '', /^The authority 'title=InternalCA .*' expires on 2026-12-31, in 30 days\.$/);
    assert.deepEqual(others, []);
  });

  test('one day ahead the end of the client certificate is told', async () => {
    const valid = new Date('2026-12-30T00:00:00Z');
    const [warning] = (await openCertificateFile(write(underOldClient()), undefined, valid)).warnings;
    assert.match(
      warning ?? '',
      /^The client certificate 'CN=192\.0\.2\.10, .*' expires on 2026-12-31, in 1 day\.$/,
    );
  });

  function underOldClient(): Buffer {
    const current = makeInternalAuthority({ notBefore: from, notAfter: later });
    const made = makeHostInputClient(current, '192.0.2.10', { notBefore: from, notAfter: to });
    return writeLegacyPkcs12({ ...made, authority: current.certificate }, '');
  }
});

test('a file that everybody can read gives a warning with the command that mends it', async () => {
  const file = write(legacy, 0o644);
  const { warnings } = await openCertificateFile(file, new Secret(PASSWORD));
  assert.deepEqual(warnings, [
    `Everybody on this host can read ${file} (mode 0644), which holds secrets: chmod 600 ${file}`,
  ]);
});

test("another service's certificate gives a warning", async () => {
  const other = makeHostInputClient(authority, '192.0.2.7', { title: 'estreamer' });
  const file = write(writeLegacyPkcs12(other, ''));
  const { warnings } = await openCertificateFile(file, undefined);
  assert.match(warnings[0] ?? '', /made for another service: its title is 'estreamer'/);
});

test('only authorities become authorities', async () => {
  const stranger = makeHostInputClient(authority, '192.0.2.99');
  const pem = [client.key, client.certificate, stranger.certificate, authority.certificate].join('');
  const { authorities } = await openCertificateFile(write(pem), undefined);
  assert.equal(authorities.length, 1);
});

test('a certificate of SHA-1 is told to be weak', async () => {
  const weak = makeHostInputClient(authority, '192.0.2.7', { digest: 'sha1' });
  const { weakSignature } = await openCertificateFile(write(writeLegacyPkcs12(weak, '')), undefined);
  assert.ok(weakSignature);
});

test('a name cannot smuggle control characters into a message', async () => {
  const subject = [{ name: 'commonName', value: 'evil\u001b[31m\nO=Cisco\u0007' }];
  const evil = makeCertificate({ subject, extensions: [] });
  const opened = await openCertificateFile(write(evil.key + evil.certificate), undefined);
  assert.match(opened.subject, /^[\x20-\x7e]+$/);
});

test('whatever byte is changed, it opens, or is refused with a sentence', async () => {
  const position = fc.nat(legacy.length - 1);
  await fc.assert(
    fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const damaged = Buffer.from(legacy);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      await openCertificateFile(write(damaged), new Secret(PASSWORD)).catch((error: unknown) => {
        assert.ok(error instanceof ConnectorError, String(error));
      });
    }),
  );
});

test('whatever bytes are given, they are refused with a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      assert.match(await messageOf(Buffer.from(bytes)), /QC500\d/);
    }),
  );
});

test('a folder named like a certificate file is no trouble', async () => {
  mkdirSync(join(folder, 'folder.p12'));
  assert.match(await refusalOf(join(folder, 'folder.p12')), /QC5002/);
});
