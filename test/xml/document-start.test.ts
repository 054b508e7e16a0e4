import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readDocumentStart } from '../../src/xml/document-start.ts';

const ROOT = '<ASSET_DATA_REPORT><HEADER>';

describe('the start of a document', () => {
  for (const [what, before] of [
    ['nothing', ''],
    ['a byte order mark', '\uFEFF'],
    ['a declaration and a blank line', '<?xml version="1.0" encoding="UTF-8" ?>\n\n'],
    ['a comment before the declaration', '<!-- evaluation //-->\n<?xml version="1.0"?>'],
    ['a DOCTYPE', '<!DOCTYPE A SYSTEM "https://example.test/a>b.dtd">'],
    ['a DOCTYPE with an empty subset', '<!DOCTYPE A SYSTEM "a.dtd" []>'],
    ['a comment that holds a tag', '<!-- <SIMPLE_RETURN> -->'],
    ['CRLF', '<?xml version="1.0"?>\r\n\r\n'],
  ] as const) {
    it(`is found behind ${what}`, () => {
      assert.deepEqual(readDocumentStart(before + ROOT, false), {
        kind: 'xml',
        root: 'ASSET_DATA_REPORT',
        firstChild: 'HEADER',
      });
    });
  }

  for (const [what, text, kind] of [
    ['nothing at all', '', 'empty'],
    ['blanks', ' \r\n', 'empty'],
    ['words', 'Service temporarily down', 'text'],
    ['a page', '<!DOCTYPE html><HTML><head>', 'html'],
    ['half a tag', '<ASSET_DATA', 'text'],
  ] as const) {
    it(`of ${what} is ${kind}`, () => {
      assert.equal(readDocumentStart(text, true).kind, kind);
    });
  }

  it('tells an error in the root from a report', () => {
    assert.equal(readDocumentStart('<ASSET_DATA_REPORT> <ERROR number="1">', false).firstChild, 'ERROR');
  });

  it('is the same however much of the document has come, once it is known', () => {
    const text = `\uFEFF<!-- a --><?xml version="1.0"?>\n<!DOCTYPE A SYSTEM "a>b" []>\n<!-- <b> -->${ROOT}`;
    const whole = readDocumentStart(text, true);
    for (let length = 0; length <= text.length; length++) {
      const start = readDocumentStart(text.slice(0, length), false);
      if (start.kind !== 'unknown') assert.deepEqual(start, whole);
    }
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, ended) => {
        readDocumentStart(text, ended);
      }),
    );
  });
});
