import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { explainCode, explainName } from '../../src/cli/explain.ts';
import { NAMED_KEYS } from '../../src/config/keys.ts';
import { OPTIONS } from '../../src/options.ts';
import { page } from '../readme/readme.ts';

const read = (...words: string[]) =>
  readCommandLine(words, { name: 'qualys_connector', multiple: false }, PLUGINS);

suite('-explain', () => {
  test('prints what the page says of every code, without marks', () => {
    const codes = page('docs/messages.md').match(/(?<=<a id="qc)\d{4}/g) ?? [];
    assert.ok(codes.length > 100);
    for (const code of codes) {
      const text = explainCode(`QC${code}`);
      assert.match(text, new RegExp(`^QC${code} [^\\n]+[.:)?]\\n$`));
      assert.doesNotMatch(text, /\*\*|`|<a|\]\(/);
    }
  });

  test('takes a code as it stands in a message', () => {
    for (const word of ['QC3021', 'qc3021', '[QC3021]', '3021']) {
      assert.equal(explainCode(word), explainCode('QC3021'));
    }
    assert.deepEqual(read('-explain=QC3021'), { kind: 'explain', about: 'code', word: 'QC3021' });
  });

  test('knows no other', () => {
    for (const word of ['QC9999', 'template', 'QC1']) {
      assert.throws(() => explainCode(word), { code: 'QC1021', exitCode: 2 });
    }
  });
});

suite('-help=NAME', () => {
  test('prints what is said of every option and key', () => {
    for (const option of OPTIONS.filter(({ hidden }) => !hidden)) {
      assert.ok(explainName(option.name()).includes(option.help), option.name());
    }
    for (const [, key] of NAMED_KEYS) {
      assert.match(
        explainName(key.name),
        new RegExp(`${key.name}: \\(in the YAML\\)\\n {4}\\S.*\\n {4}Allowed: `),
      );
    }
  });

  test('says where the page is that it names', () => {
    assert.match(explainName('reuse_minutes'), /: a report again \(docs\/reference\.md#a-report-again\)\.\n/);
    assert.match(explainName('source'), /which source \(docs\/sources\.md\)/);
  });

  test('takes dashes, any case, and other spellings of a key; tells option and key of one name', () => {
    assert.equal(explainName('--WAIT'), explainName('wait'));
    assert.match(explainName('qualys_url'), /^qualys_server: /);
    assert.match(explainName('password'), /^-password=.*\n.*\n\npassword: /);
    assert.throws(() => explainName('nosuch'), { code: 'QC1022', exitCode: 2 });
  });

  test('leaves the bare -help as it is', () => {
    assert.deepEqual(read('-help=wait'), { kind: 'explain', about: 'name', word: 'wait' });
    for (const words of [['-help'], ['-h', 'wait'], ['-check', '-help']]) {
      const line = read(...words);
      assert.ok(line.kind === 'print' && line.text.includes('usage:'));
    }
  });
});
