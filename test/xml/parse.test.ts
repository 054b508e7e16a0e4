import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childrenNamed, descendants, textOf } from '../../src/xml/node.ts';
import { parseRoot, parseXml } from '../../src/xml/parse.ts';

describe('XML as a tree', () => {
  it('holds an element that is alone in a list, as it holds several', () => {
    assert.equal(childrenNamed(parseRoot('<A><B>1</B></A>', 'A'), 'B').length, 1);
    assert.equal(childrenNamed(parseRoot('<A><B>1</B><B/></A>', 'A'), 'B').length, 2);
  });

  it('joins text, references and CDATA, and leaves numbers as they are written', () => {
    const root = parseRoot('<A n="0&#49;"> 0&lt;<![CDATA[ <7> ]]> </A>', 'A');
    assert.equal(textOf(root), '0< <7>');
    assert.equal(textOf(root, '@n'), '01');
  });

  it('gives the elements of a name at any depth', () => {
    const root = parseRoot('<A><B><C>1</C></B><C>2</C></A>', 'A');
    assert.deepEqual(
      descendants(root, 'C')
        .map((node) => textOf(node))
        .toSorted(),
      ['1', '2'],
    );
    assert.equal(textOf(root, 'C'), '2');
  });

  it('is empty where the text cannot be parsed or the root is another', () => {
    assert.deepEqual(parseRoot('<A b="', 'A'), {});
    assert.deepEqual(parseRoot('<A/>', 'B'), {});
    assert.throws(() => parseXml('<A b="'));
  });
});
