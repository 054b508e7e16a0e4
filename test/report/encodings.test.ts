import assert from 'node:assert/strict';
import test from 'node:test';
import { hostXml, reportXml } from '../support/asset-report.ts';
import { readDocument } from './read.ts';

const document = reportXml([hostXml('192.0.2.1', [{ qid: 1 }], '<DNS><![CDATA[Zürich]]></DNS>')], []);

function declared(encoding: string): string {
  return document.replace('UTF-8', encoding);
}

async function nameIn(t: test.TestContext, bytes: Uint8Array): Promise<string | undefined> {
  const report = await readDocument(t, bytes);
  assert.equal(report.invalidBytes, 0);
  return report.hosts[0]?.dns;
}

test('UTF-8 is read with and without its mark and its declaration', async (t) => {
  assert.equal(await nameIn(t, Buffer.from(document)), 'Zürich');
  assert.equal(await nameIn(t, Buffer.from(`\uFEFF${document}`)), 'Zürich');
  assert.equal(await nameIn(t, Buffer.from(document.slice(document.indexOf('<ASSET')))), 'Zürich');
});

test('ISO-8859-1 and windows-1252 are read as declared', async (t) => {
  assert.equal(await nameIn(t, Buffer.from(declared('ISO-8859-1'), 'latin1')), 'Zürich');
  const quoted = declared('windows-1252').replace('Zürich', '\x93Z\xfcrich\x94');
  assert.equal(await nameIn(t, Buffer.from(quoted, 'latin1')), '“Zürich”');
  const behindComment = `<!-- evaluation -->\n${declared('iso-8859-1')}`.replaceAll('"', "'");
  assert.equal(await nameIn(t, Buffer.from(behindComment, 'latin1')), 'Zürich');
});

test('UTF-16 is read in both byte orders, by its mark or by its zeros', async (t) => {
  const little = Buffer.from(declared('UTF-16'), 'utf16le');
  assert.equal(await nameIn(t, little), 'Zürich');
  assert.equal(await nameIn(t, Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')), 'Zürich');
  assert.equal(await nameIn(t, Buffer.from(little).swap16()), 'Zürich');
  assert.equal(await nameIn(t, Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le').swap16()), 'Zürich');
});

test('a document that calls its UTF-8 UTF-16 is read all the same', async (t) => {
  assert.equal(await nameIn(t, Buffer.from(declared('UTF-16'))), 'Zürich');
});

test('an encoding that nobody knows is refused by its name', async (t) => {
  await assert.rejects(readDocument(t, Buffer.from(declared('x-klingon'))), {
    code: 'QC4009',
    message: /"x-klingon"/,
  });
});

test('bytes that are no text are replaced and counted, wherever a piece ends', async (t) => {
  // A lone continuation, a cut sequence, an overlong slash, a surrogate, a lead byte before ASCII: 1 + 2 + 2 + 3 + 1 bytes.
  const bad = Buffer.from([
    0x80, 0x2d, 0xe2, 0x82, 0x2d, 0xc0, 0xaf, 0x2d, 0xed, 0xa0, 0x80, 0x2d, 0xf0, 0x2d,
  ]);
  const [before = '', after = ''] = document.split('Zürich');
  const bytes = Buffer.concat([Buffer.from(before), bad, Buffer.from(`é${after}`)]);
  for (const size of [1, 2, 3, 4, 5, 64, undefined]) {
    const report = await readDocument(t, bytes, size);
    assert.equal(report.hosts[0]?.dns, '?-??-??-???-?-é');
    assert.equal(report.invalidBytes, 9);
  }
});

test('a sequence that the file ends in is invalid too', async (t) => {
  const report = await readDocument(t, Buffer.concat([Buffer.from(document), Buffer.from([0xf0, 0x9f])]), 64);
  assert.equal(report.hosts[0]?.dns, 'Zürich');
});

test('characters that UTF-16 cannot pair are replaced and counted', async (t) => {
  const broken = Buffer.from(`\uFEFF${declared('UTF-16').replace('Zürich', 'Z\ud800rich')}`, 'utf16le');
  const report = await readDocument(t, broken);
  assert.equal(report.hosts[0]?.dns, 'Z?rich');
  assert.equal(report.invalidBytes, 1);
});

test('control characters end nothing', async (t) => {
  const report = await readDocument(t, Buffer.from(document.replace('Zürich', 'Z\x00\x01\x0b\x1f\ufffe')));
  assert.equal(report.hosts.length, 1);
  assert.match(report.hosts[0]?.dns ?? '', /^Z/);
});
