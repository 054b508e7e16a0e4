import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCertificateFile } from '../../../src/management-center/certificate/find.ts';
import {
  NoCertificateFileFoundError,
  SeveralCertificateFilesError,
} from '../../../src/management-center/certificate/errors.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = await temporaryDirectory();

let made = 0;
function folderOf(...names: string[]): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

for (const name of [
  'client.pkcs12',
  'client.p12',
  'client.pfx',
  'CLIENT.PKCS12',
  'a name with blanks.pkcs12',
]) {
  test(`the only certificate file is found: ${name}`, async () => {
    const folder = folderOf(
      name,
      'QualysGuard.yaml',
      'notes.pkcs12.txt',
      '.client.pkcs12.swp',
      '.hidden.pkcs12',
    );
    mkdirSync(join(folder, 'folder.pkcs12'));
    assert.equal(await findCertificateFile([folder]), join(folder, name));
  });
}

test('*.pkcs12 goes before *.p12 and *.pfx, which a web server may have put there', async () => {
  const folder = folderOf('a.p12', 'webserver.pfx', 'CertFile.pkcs12');
  assert.equal(await findCertificateFile([folder]), join(folder, 'CertFile.pkcs12'));
});

test('several are refused and listed', async () => {
  const folder = folderOf('b.pfx', 'a.p12');
  await assert.rejects(findCertificateFile([folder]), (error) => {
    assert.ok(error instanceof SeveralCertificateFilesError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, /There are 2 certificate files: '.*a\.p12', '.*b\.pfx'\. Name the right one/);
    return true;
  });
});

test('the next folder counts only when the first has none', async () => {
  const [none, one, two] = [folderOf(), folderOf('one.pkcs12'), folderOf('two.pkcs12')];
  assert.equal(await findCertificateFile([none, one, two]), join(one, 'one.pkcs12'));
  assert.equal(await findCertificateFile([two, folderOf('x.p12', 'y.p12')]), join(two, 'two.pkcs12'));
});

test('the same folder twice has each file once', async () => {
  const folder = folderOf('one.pkcs12');
  assert.equal(await findCertificateFile([folder, folder]), join(folder, 'one.pkcs12'));
});

test('none, or no such folder, says where was looked', async () => {
  const folders = [folderOf('readme.txt'), join(root, 'missing')];
  await assert.rejects(findCertificateFile(folders), (error) => {
    assert.ok(error instanceof NoCertificateFileFoundError);
    for (const folder of folders) assert.ok(error.message.includes(folder));
    return true;
  });
});
