import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import test from 'node:test';
import { hostXml, reportFile, reportXml } from '../support/asset-report.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { readAll, readDocument } from './read.ts';
import { LONGEST_ELEMENT } from '../../src/xml/cutting/window.ts';
import { withoutRoot } from '../support/without-root.ts';

const whole = reportXml([hostXml('192.0.2.1', [{ qid: 1, result: 'x' }])], []);

const refused: readonly [what: string, document: string | Uint8Array, code: string, message: RegExp][] = [
  ['an empty file', '', 'QC4004', /is empty/],
  ['a file of blanks', ' \n\0 \n', 'QC4004', /is empty/],
  [
    'a single scan',
    '<?xml version="1.0"?><SCAN value="scan/1.2"><IP/></SCAN>',
    'QC4001',
    /single scan.*SCAN.*host based/s,
  ],
  [
    'detections',
    '<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE/></HOST_LIST_VM_DETECTION_OUTPUT>',
    'QC4001',
    /host detections/,
  ],
  ['a web application report', '<WAS_SCAN_REPORT></WAS_SCAN_REPORT>', 'QC4001', /web application/],
  ['any other XML', '<constructor/>', 'QC4001', /root element constructor/],
  [
    'an answer of API v2',
    '<!DOCTYPE SIMPLE_RETURN SYSTEM "x"><SIMPLE_RETURN><RESPONSE><CODE>7001</CODE><TEXT>Report can&apos;t be\n fetched.</TEXT></RESPONSE></SIMPLE_RETURN>',
    'QC4002',
    /"7001 Report can't be fetched\."/,
  ],
  [
    'an answer of API v1',
    '<GENERIC_RETURN><RETURN status="FAILED" number="2001">Account <![CDATA[Expired]]></RETURN></GENERIC_RETURN>',
    'QC4002',
    /"2001 Account Expired"/,
  ],
  [
    'an answer of another endpoint',
    '<USER_LIST_OUTPUT><ERROR number="999">Internal error</ERROR></USER_LIST_OUTPUT>',
    'QC4002',
    /"999 Internal error"/,
  ],
  [
    'an answer whose words stand beside its number',
    '<GENERIC_RETURN><API><MESSAGE>Too many.</MESSAGE><RETURN status="FAILED" number="1960"/></API></GENERIC_RETURN>',
    'QC4002',
    /"1960 Too many\."/,
  ],
  [
    'an answer that is not well-formed',
    '<GENERIC_RETURN><API username="x at="y"><RETURN status="FAILED" number="999">Internal error.</RETURN></GENERIC_RETURN>',
    'QC4002',
    /"999 Internal error\."/,
  ],
  [
    'an answer that tells of success',
    '<SIMPLE_RETURN><RESPONSE><TEXT>Report deleted</TEXT></RESPONSE></SIMPLE_RETURN>',
    'QC4002',
    /"Report deleted"/,
  ],
  [
    'a report that is an error',
    '<ASSET_DATA_REPORT><ERROR number="2012">No license</ERROR></ASSET_DATA_REPORT>',
    'QC4012',
    /2012 No license/,
  ],
  [
    'a report that is an endless error',
    `<ASSET_DATA_REPORT><ERROR>${'line\n'.repeat(200)}</ERROR></ASSET_DATA_REPORT>`,
    'QC4012',
    /report: (line ){59}line …\. See/,
  ],
  [
    'an end tag with a very long name',
    whole.replace('</HOST>', `</${'N'.repeat(2000)}>`),
    'QC4006',
    /: <\/N{78}…> where <\/HOST> should be/,
  ],
  [
    'a very long name of an encoding',
    `<?xml version="1.0" encoding="${'x\n'.repeat(1000)}"?><ASSET_DATA_REPORT/>`,
    'QC4009',
    /"(x ){20,40}…"/,
  ],
  [
    'a login page',
    '\n<!DOCTYPE html><html><head><title>Log\n in</title></head><body><br></body>',
    'QC4003',
    /HTML.*"Log in"/,
  ],
  [
    'a page in XHTML',
    '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x" "y">\n<html/>',
    'QC4003',
    /HTML page/,
  ],
  ['a page without a root tag', '<!DOCTYPE html>\n<title>Sign in</title><p>', 'QC4003', /HTML.*"Sign in"/],
  ['a page in capitals', '<!-- x --><HTML><BODY>', 'QC4003', /HTML page/],
  ['a CSV export', '"IP","DNS","QID"\n"192.0.2.1","a","1"\n', 'QC4003', /CSV.*XML/s],
  ['a PDF export', '%PDF-1.4\n%\xe2', 'QC4003', /PDF.*XML/s],
  ['an archive', 'PK\x03\x04abc', 'QC4003', /ZIP/],
  ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0]), 'QC4003', /gunzip/],
  ['other text', 'Service unavailable, try later.', 'QC4003', /begins "Service unavailable/],
  ['binary data', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]), 'QC4003', /begins "\?ELF/],
  ['text before the root', `junk${whole}`, 'QC4003', /begins "junk/],
  [
    'a report that ends within a host',
    whole.slice(0, whole.indexOf('</HOST>')),
    'QC4005',
    /within <HOST>.*cut off/,
  ],
  [
    'a report that ends within a section',
    whole.slice(0, whole.indexOf(']]></RESULT>')),
    'QC4005',
    /within <VULN_INFO>/,
  ],
  ['a root that never begins', '<?xml version="1.0"?>\n<!-- and then', 'QC4005', /beginning/],
  [
    'a wrong end tag',
    whole.replace('</VULN_INFO>', '</VULN>'),
    'QC4006',
    /at byte \d+: <\/VULN> where <\/VULN_INFO> should be/,
  ],
  ['a wrong end tag of a value', whole.replace('</TYPE>', '</TYPO>'), 'QC4006', /<\/TYPO> where <\/TYPE>/],
  ['a missing end tag', whole.replace(']]></RESULT>', ']]>'), 'QC4006', /where <\/RESULT> should be/],
  ['a lone <', whole.replace('<TYPE>Vuln', '<TYPE>a < b'), 'QC4006', /begins no tag/],
  [
    'a declaration in the midst',
    whole.replace('<TYPE>', '<!ELEMENT TYPE ANY><TYPE>'),
    'QC4006',
    /declaration/,
  ],
  [
    'an element that does not end within one that nobody reads',
    whole.replace('<HOST_LIST>', '<X><a></X><HOST_LIST>'),
    'QC4006',
    /at byte \d+: <\/X> where <\/a> should be/,
  ],
  [
    'elements that cross within one that nobody reads',
    whole.replace('<HOST_LIST>', '<X><a><b/><c></a></c></X><HOST_LIST>'),
    'QC4006',
    /<\/a> where <\/c> should be/,
  ],
  [
    'a quote that does not end within one that nobody reads',
    whole
      .replace('<HOST_LIST>', '<X><a b="></a></X><HOST_LIST>')
      .replace('</HOST_LIST>', '<c d=""/></HOST_LIST>'),
    'QC4006',
    /"<" within a tag/,
  ],
  [
    'a start tag without an end',
    whole.replace('<HOST_LIST>', '<X><a </X><HOST_LIST>'),
    'QC4006',
    /"<" within a tag/,
  ],
  [
    'an end tag without an end',
    whole.replace('</TYPE>', '</TYPE <QID>1</QID>'),
    'QC4006',
    /<\/TYPE is followed by something else than ">"/,
  ],
  [
    'names nested without end',
    whole.replace('<HOST_LIST>', `<${'n'.repeat(1000)}>`.repeat(70)),
    'QC4006',
    /nested too deeply/,
  ],
];

for (const [what, document, code, message] of refused) {
  test(`${what} is refused`, async (t) => {
    // A long one in single bytes takes seconds, and shows no more.
    for (const size of document.length < 10_000 ? [1, 7, undefined] : [70, undefined]) {
      await assert.rejects(readDocument(t, document, size), { code, exitCode: 2, message });
    }
  });
}

test('a root with a name of 60 kB is told in one line', async (t) => {
  const name = 'N'.repeat(60_000);
  for (const document of [`<${name}/>`, `<${name}><ERROR>x</ERROR></${name}>`]) {
    await assert.rejects(readDocument(t, document), { code: 'QC4001', message: /root element N{80}…\)/ });
  }
});

const subsets = [
  '<!DOCTYPE ASSET_DATA_REPORT [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>',
  '<!DOCTYPE ASSET_DATA_REPORT SYSTEM "x" [ <!ENTITY xxe SYSTEM "file:///etc/passwd"> ]>',
  '<!DOCTYPE ASSET_DATA_REPORT [ %remote; ]>',
];

test('a DOCTYPE with declarations of its own is refused before anything is expanded', async (t) => {
  for (const subset of subsets) {
    for (const size of [1, 7, undefined]) {
      const document = `${subset}<ASSET_DATA_REPORT><HEADER><TEMPLATE>&lol2;&xxe;</TEMPLATE></HEADER></ASSET_DATA_REPORT>`;
      await assert.rejects(readDocument(t, document, size), { code: 'QC4007', message: /declares entities/ });
    }
  }
});

test('an empty internal subset, as .NET writes it, does no harm', async (t) => {
  for (const subset of ['[]', ' "[<x>]" [ ] ']) {
    const document = whole.replace(/<!DOCTYPE [^>]*>/, `<!DOCTYPE ASSET_DATA_REPORT SYSTEM "x"${subset}>`);
    assert.equal((await readDocument(t, document, 3)).hosts.length, 1);
  }
});

test('an entity that nobody declared stays as it is written', async (t) => {
  const report = await readDocument(t, whole.replace('<![CDATA[Nightly]]>', 'a &lol; b'));
  assert.equal(report.header.template, 'a &lol; b');
});

test('an element or tag that does not end is refused beyond a limit', async (t) => {
  const endless = 'x'.repeat(LONGEST_ELEMENT + 1024 * 1024);
  for (const start of ['<HEADER><TEMPLATE>', '<HEADER><TEMPLATE ', '<HEADER><TEMPLATE a="']) {
    await assert.rejects(readDocument(t, `<ASSET_DATA_REPORT>${start}${endless}`), { code: 'QC4008' });
  }
});

test('a long element that nobody reads is no problem', async (t) => {
  const long = 'x'.repeat(LONGEST_ELEMENT + 1024 * 1024);
  const report = await readDocument(t, reportXml([hostXml('192.0.2.1', [{ qid: 1, result: long }])], []));
  assert.equal(report.hosts[0]?.findings.length, 1);
});

test('a file that is not there, or may not be read, is told with its path', async (t) => {
  const directory = await temporaryDirectory(t);
  await assert.rejects(readAll(`${directory}/none.xml`), { code: 'QC4010', message: /none\.xml.*ENOENT/ });
  await assert.rejects(readAll(directory), { code: 'QC4010', message: /EISDIR/ });
  const path = await reportFile(t, whole);
  await chmod(path, 0);
  await withoutRoot(() => assert.rejects(readAll(path), { code: 'QC4010', message: /EACCES/ }));
});
