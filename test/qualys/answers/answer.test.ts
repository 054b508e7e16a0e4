import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Answer, readAnswer } from '../../../src/qualys/answers/answer.ts';

function read(text: string, status = 200): Answer {
  return readAnswer(status, () => undefined, text);
}

describe('an answer of Qualys', () => {
  it('is an error when CODE is a number', () => {
    const text =
      '<SIMPLE_RETURN><RESPONSE><CODE>1905</CODE><TEXT>a &lt; b\n &amp; c</TEXT></RESPONSE></SIMPLE_RETURN>';
    assert.deepEqual(read(text).fault, {
      number: 1905,
      text: 'a < b & c',
      raw: '<CODE>1905</CODE> <TEXT>a < b & c</TEXT>',
    });
  });

  it('is no error when CODE holds a sentence', () => {
    const text = '<SIMPLE_RETURN><RESPONSE><CODE>Created [1]</CODE><TEXT></TEXT></RESPONSE></SIMPLE_RETURN>';
    assert.equal(read(text).fault, undefined);
  });

  it('is an error when a RETURN failed, wherever it stands', () => {
    const text =
      '<GENERIC_RETURN><API><MESSAGE>Too many.</MESSAGE><RETURN status="FAILED" number="1960"/></API></GENERIC_RETURN>';
    assert.equal(read(text).fault?.number, 1960);
    assert.equal(read(text).fault?.text, 'Too many.');
  });

  it('is no error when a RETURN succeeded', () => {
    const text = '<GENERIC_RETURN><RETURN status="SUCCESS" number="1">Done</RETURN></GENERIC_RETURN>';
    assert.equal(read(text).fault, undefined);
  });

  it('is an error when any root holds an ERROR', () => {
    assert.equal(read('<USERS><ERROR number="999">Internal</ERROR></USERS>').fault?.number, 999);
  });

  it('is an error even when it is not well-formed', () => {
    const text =
      '<GENERIC_RETURN><API username="x at="y"><RETURN status="FAILED" number="999">Internal error.</RETURN></GENERIC_RETURN>';
    assert.deepEqual(read(text).fault, {
      number: 999,
      text: 'Internal error.',
      raw: '<RETURN status="FAILED" number="999">Internal error.',
    });
  });

  it('gives the items by key, one alone or several, in any case', () => {
    const item = (key: string, value: string): string =>
      `<ITEM><KEY>${key}</KEY><VALUE>${value}</VALUE></ITEM>`;
    const wrap = (items: string): string =>
      `<SIMPLE_RETURN><RESPONSE><ITEM_LIST>${items}</ITEM_LIST></RESPONSE></SIMPLE_RETURN>`;
    assert.equal(read(wrap(item('id', '007'))).items.get('ID'), '007');
    assert.equal(read(wrap(item('URL', 'x') + item('ID', '8'))).items.get('ID'), '8');
  });

  it('is told as cut off when its root is not closed', () => {
    assert.equal(read('<SIMPLE_RETURN><RESPONSE>').closed, false);
    assert.equal(read('<SIMPLE_RETURN/>').closed, true);
  });

  it('shows the title of a page, on one line, without control characters', () => {
    const page = read('<html><title>Bad\n\u001b[31mGateway</title></html>', 502);
    assert.equal(page.kind, 'html');
    assert.equal(page.excerpt, 'Bad [31mGateway');
  });

  it('does not expand entities that the document itself declares into something huge', () => {
    const entities = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((name, index, all) => {
      const before = all[index - 1];
      return `<!ENTITY ${name} "${before === undefined ? 'ha' : `&${before};`.repeat(10)}">`;
    });
    const bomb = `<!DOCTYPE A [${entities.join('')}]><A><RESPONSE><CODE>1</CODE><TEXT>&j;</TEXT></RESPONSE></A>`;
    assert.ok((read(bomb).fault?.text.length ?? 0) < 1000);
  });

  it('takes no time that grows with the square of a hostile answer, and does not throw', () => {
    const size = 2_000_000;
    const hostile = {
      'titles that never end': ['<html>', '<title'],
      'scripts that never end': ['<html>', '<script>'],
      'a RETURN that never ends': ['<A><RETURN ', 'number="1" '],
      'a start tag that never ends': ['<A ', 'b'],
      'very many attributes': ['<A ', 'b="1" '],
      'a DOCTYPE that never ends': ['<!DOCTYPE ', 'x'],
      'very deep elements': ['<A>', '<b>'],
      'a name without end': ['<', 'A'],
      blanks: ['', ' \n'],
    } as const;
    for (const [name, [start, piece]] of Object.entries(hostile)) {
      const answer = read(start + piece.repeat(size / piece.length));
      assert.ok(answer.fault === undefined && !answer.closed, name);
    }
  });

  it('never throws, whatever comes', () => {
    const pieces = fc.constantFrom(
      '<RETURN status="',
      '<CODE>',
      '9',
      '</',
      'RETURN',
      '>',
      '<A',
      '<![CDATA[',
      '&amp;',
      '"',
      '<!--',
      ']]>',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        read(parts.join(''));
      }),
    );
  });
});
