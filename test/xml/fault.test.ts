import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDocumentStart } from '../../src/xml/document-start.ts';
import { type Fault, findFault } from '../../src/xml/fault.ts';
import { parseRoot } from '../../src/xml/parse.ts';

function faultIn(text: string): Fault | undefined {
  return findFault(parseRoot(text, readDocumentStart(text, true).root ?? ''), text);
}

describe('a document of Qualys', () => {
  it('is an error when CODE is a number', () => {
    const text =
      '<SIMPLE_RETURN><RESPONSE><CODE>1905</CODE><TEXT>a &lt; b\n &amp; c</TEXT></RESPONSE></SIMPLE_RETURN>';
    assert.deepEqual(faultIn(text), {
      number: 1905,
      text: 'a < b & c',
      raw: '<CODE>1905</CODE> <TEXT>a < b & c</TEXT>',
    });
  });

  it('is no error when CODE holds a sentence', () => {
    const text = '<SIMPLE_RETURN><RESPONSE><CODE>Created [1]</CODE><TEXT></TEXT></RESPONSE></SIMPLE_RETURN>';
    assert.equal(faultIn(text), undefined);
  });

  it('is an error when a RETURN failed, wherever it stands', () => {
    const text =
      '<GENERIC_RETURN><API><MESSAGE>Too many.</MESSAGE><RETURN status="FAILED" number="1960"/></API></GENERIC_RETURN>';
    assert.equal(faultIn(text)?.number, 1960);
    assert.equal(faultIn(text)?.text, 'Too many.');
  });

  it('is no error when a RETURN succeeded', () => {
    const text = '<GENERIC_RETURN><RETURN status="SUCCESS" number="1">Done</RETURN></GENERIC_RETURN>';
    assert.equal(faultIn(text), undefined);
  });

  it('is an error when any root holds an ERROR', () => {
    assert.equal(faultIn('<USERS><ERROR number="999">Internal</ERROR></USERS>')?.number, 999);
  });

  it('is an error even when it is not well-formed', () => {
    const text =
      '<GENERIC_RETURN><API username="x at="y"><RETURN status="FAILED" number="999">Internal error.</RETURN></GENERIC_RETURN>';
    assert.deepEqual(faultIn(text), {
      number: 999,
      text: 'Internal error.',
      raw: '<RETURN status="FAILED" number="999">Internal error.</RETURN>',
    });
  });

  it('tells its error in a bounded number of characters', () => {
    const long = '1'.repeat(200_000);
    const text = `<SIMPLE_RETURN><RESPONSE><CODE>${long}</CODE><TEXT>${long}</TEXT></RESPONSE></SIMPLE_RETURN>`;
    assert.ok((faultIn(text)?.raw.length ?? Infinity) < 1000);
  });
});
