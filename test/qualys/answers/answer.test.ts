import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Answer, readAnswer } from '../../../src/qualys/answers/answer.ts';

function read(text: string, status = 200): Answer {
  return readAnswer({ status, header: () => undefined, veil: (foreign) => foreign }, text);
}

describe('an answer of Qualys', () => {
  it('is an error when it tells one', () => {
    assert.equal(read('<USERS><ERROR number="999">Internal</ERROR></USERS>').fault?.number, 999);
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

  it('may have a root with a name of any length', () => {
    const root = 'A'.repeat(60_000);
    assert.equal(read(`<${root}>`).closed, false);
    assert.equal(read(`<${root}></${root}>`).closed, true);
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
