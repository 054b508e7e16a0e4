import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord } from '../../src/text/shell-word.ts';

test('a plain path stays as it is', () => {
  assert.equal(shellWord('/etc/qualys-connector/my.pkcs12'), '/etc/qualys-connector/my.pkcs12');
});

test('whatever stands in it, a shell reads the same word', () => {
  for (const word of ["it's.pkcs12", '$(reboot)', 'a b', '', '*', 'x;y', '"\\"', 'ü\n☃']) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' }), word);
  }
});
