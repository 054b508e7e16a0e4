import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTemplateIds } from '../../src/config/template-ids.ts';

test('ids are joined by commas and keep their order', () => {
  assert.deepEqual(parseTemplateIds('535353,424242'), ['535353', '424242']);
  assert.deepEqual(parseTemplateIds('7'), ['7']);
});

for (const [list, what] of [
  ['', /one of them is empty/],
  ['1,', /one of them is empty/],
  [',1', /one of them is empty/],
  ['1,,2', /one of them is empty/],
  ['1, 2', /there is a blank in it/],
  ['1,2,1', /1 is there twice/],
  ['1,x2', /\*\*\* is not a list of template ids: \*\*\* is not a template's number/],
  ['-1', /'-1' is not/],
  ['007', /'007' is not/],
] as const) {
  test(`'${list}' is refused`, () => {
    assert.throws(() => parseTemplateIds(list), what);
  });
}
