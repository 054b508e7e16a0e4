import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cutAtWord, plainText, plainTextOfHtml } from '../../src/conversion/plain-text.ts';

function html(source: string): string {
  return plainTextOfHtml(source).text;
}

test('commas and line ends become blanks, double quotes single ones, blanks one', () => {
  assert.equal(plainText(' a, b,c\r\n\td  "e" ').text, "a b c d 'e'");
});

test('letters lose their marks, other signs take their ASCII form', () => {
  assert.deepEqual(plainText('Café Ångström ‘x’ “y” – z… Straße Łódź ﬁn ² ™ a\u00a0b'), {
    text: "Cafe Angstrom 'x' 'y' - z... Strasse Lodz fin 2 TM a b",
    dropped: 0,
  });
});

test('what has no ASCII form is dropped and counted', () => {
  assert.deepEqual(plainText('a 漢字 😀 \u0001\u200b b'), { text: 'a b', dropped: 5 });
});

test('HTML tags go, and separate words', () => {
  assert.equal(html('One<P>two<BR/>three<UL><LI>a<LI>b</UL>'), 'One two three a b');
  assert.equal(html('see <A HREF="https://example.com/?a=1&b" TARGET="_blank">here</A>.'), 'see here .');
  assert.equal(html('a<!-- <b> -->b'), 'a b');
});

test('what only looks like a tag stays', () => {
  assert.equal(html('vector<int> x < y > z <2.4'), 'vector<int> x < y > z <2.4');
});

test('entities are decoded once, after the tags have gone', () => {
  assert.equal(html('&lt;script&gt; &amp;lt; &quot;x&quot; isn&apos;t'), "<script> &lt; 'x' isn't");
  assert.equal(
    html('caf&eacute; &Uuml;ber &szlig; &ndash; &#8217; &#x41; &nbsp;&copy;'),
    "cafe Uber ss - ' A (c)",
  );
  assert.equal(
    html('&unknown; &constructor; &#0; &#x110000; &'),
    '&unknown; &constructor; &#0; &#x110000; &',
  );
});

test('a text is cut at the end of a word', () => {
  assert.equal(cutAtWord('one two three', 13), 'one two three');
  assert.equal(cutAtWord('one two three', 12), 'one two');
  assert.equal(cutAtWord('one two three', 7), 'one two');
  assert.equal(cutAtWord('one two three', 6), 'one');
  assert.equal(cutAtWord('undivided', 4), 'undi');
  assert.equal(cutAtWord('one', 0), '');
});

test('whatever comes in, what goes out fits between two quotes of a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (source) => {
      for (const { text } of [plainText(source), plainTextOfHtml(source)]) {
        assert.match(text, /^$|^[!#-+\--~](?:[ !#-+\--~]*[!#-+\--~])?$/);
        assert.doesNotMatch(text, / {2}/);
      }
    }),
  );
});

test('a hostile text takes no time that grows with its square', () => {
  for (const piece of ['<a ', '<!--', '<!-->', '&amp', '&#', '" ', '\u0301', '\u0316\u0301']) {
    const { text } = plainTextOfHtml(piece.repeat(300_000));
    assert.ok(text.length <= piece.length * 300_000);
  }
});
