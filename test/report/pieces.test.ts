import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { Cutter } from '../../src/xml/cutting/cutter.ts';
import { container, value } from '../../src/xml/cutting/element-plan.ts';
import { entryXml, hostXml, reportFile, reportXml } from '../support/asset-report.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { readAll } from './read.ts';

const host = hostXml(
  '192.0.2.1',
  [
    { qid: 38170, port: 443, protocol: 'tcp', result: 'a\tb ]] ]]&gt; ü€😀 <x' },
    { qid: 82003, type: 'Practice', status: 'Re-Opened' },
  ],
  '<!-- </HOST> --><DNS><![CDATA[bücher-€-😀.example.com]]></DNS><?pi > ?><OS_CPE/><OPERATING_SYSTEM>a &amp; é</OPERATING_SYSTEM>',
);
const entry = entryXml({
  qid: 38170,
  title: 'Grüße “€” 😀',
  threat: '<P>x &lt; ]]]]><![CDATA[> y',
  cves: ['CVE-2014-0160'],
});
const document = reportXml([host], [entry]);

test('read in pieces of every size, a report is the same', async (t) => {
  const path = await reportFile(t, document);
  const whole = await readAll(path);
  assert.equal(whole.hosts[0]?.dns, 'bücher-€-😀.example.com');
  assert.equal(whole.glossary[0]?.title, 'Grüße “€” 😀');
  for (let size = 1; size <= 80; size += 1) {
    assert.deepEqual(await readAll(path, size), whole, `pieces of ${size} bytes`);
  }
});

test('in another encoding too', async (t) => {
  const utf16 = Buffer.from(`\uFEFF${document.replace('UTF-8', 'UTF-16')}`, 'utf16le');
  const path = await reportFile(t, utf16);
  const whole = await readAll(path);
  assert.equal(whole.hosts[0]?.dns, 'bücher-€-😀.example.com');
  for (const size of [1, 2, 3, 5, 7, 12, 100, 1000]) {
    assert.deepEqual(await readAll(path, size), whole, `pieces of ${size} bytes`);
  }
});

test('cut off at any byte, a report is refused and gives nothing', async (t) => {
  const path = join(await temporaryDirectory(t), 'report.xml');
  const bytes = Buffer.from(document);
  const end = bytes.indexOf('</ASSET_DATA_REPORT>') + '</ASSET_DATA_REPORT>'.length;
  for (let length = 0; length < end; length += 1) {
    await writeFile(path, bytes.subarray(0, length));
    await assert.rejects(readAll(path), { code: length === 0 ? 'QC4004' : 'QC4005' }, `${length} bytes`);
  }
  await writeFile(path, bytes.subarray(0, end));
  assert.equal((await readAll(path)).hosts.length, 1);
});

/** Cuts a document given in pieces that end at `cuts`; gives all that the plan's calls were given. */
function cutInPieces(source: Buffer, cuts: readonly number[]): string[] {
  const calls: string[] = [];
  const take = value((bytes, start, end) => calls.push(bytes.toString('utf8', start, end)));
  const inner = container(
    { V: take },
    {
      enter: (bytes, start, end) => calls.push(bytes.toString('utf8', start, end)),
      leave: () => calls.push('leave'),
    },
  );
  const cutter = new Cutter('R', container({ V: take, C: inner }));
  let kept = Buffer.alloc(0);
  for (const [index, from] of cuts.entries()) {
    const window = Buffer.concat([kept, source.subarray(from, cuts[index + 1] ?? source.length)]);
    kept = Buffer.from(window.subarray(cutter.write(window, window.length)));
  }
  calls.push(cutter.ended ? 'ended' : 'not ended');
  return calls;
}

/** Well-formed XML around the names that the plan knows, with all that can hide a tag. */
const content = fc.letrec<{ node: string; element: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.stringMatching(/^[a-z \n\]é>]{0,6}$/),
    fc.constantFrom(
      '<!-- </R> <V> - -- -->',
      '<![CDATA[</V> ]] ]>]]>',
      '<?p <C> ? >?>',
      '<V/>',
      '<C />',
      "<X a='>'/>",
    ),
    tie('element'),
  ),
  element: fc
    .tuple(
      fc.constantFrom('V', 'C', 'X', 'VC'),
      fc.constantFrom('', ' ', ' a="</V>"', '\n'),
      fc.array(tie('node'), { maxLength: 4 }),
    )
    .map(
      ([name, blank, nodes]) =>
        `<${name}${blank.replace('</V>', '/>')}>${nodes.join('')}</${name}${blank.trim() === '' ? blank : ''}>`,
    ),
})).node;

test('the cutter finds the same in any document however its bytes are divided', () => {
  fc.assert(
    fc.property(
      fc.array(content, { maxLength: 8 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (nodes, places) => {
        const source = Buffer.from(`<R>${nodes.join('')}</R>`);
        const cuts = [...new Set([0, ...places.filter((place) => place < source.length)])].sort(
          (a, b) => a - b,
        );
        assert.deepEqual(cutInPieces(source, cuts), cutInPieces(source, [0]));
        assert.equal(cutInPieces(source, [0]).at(-1), 'ended');
      },
    ),
    { numRuns: 150 },
  );
});
