import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { manPage } from '../../src/cli/man-page.ts';
import { OPTIONS } from '../../src/options.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const hasMan = spawnSync('man', ['--version']).status === 0;

for (const name of ['qualys_connector', 'process-multiple'] as const) {
  suite(`manual page of ${name}`, () => {
    test(
      'is rendered by man without a warning, with every option and section',
      { skip: !hasMan && 'man is not installed here' },
      async (t) => {
        const file = join(await temporaryDirectory(t), 'page.1');
        writeFileSync(file, manPage(name));
        const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], {
          encoding: 'utf8',
          env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '200', MAN_KEEP_FORMATTING: '' },
        });
        assert.equal(stderr, '');
        for (const section of [
          'NAME',
          'SYNOPSIS',
          'OPTIONS',
          'EXIT STATUS',
          'ENVIRONMENT',
          'FILES',
          'SIGNALS',
          'EXAMPLES',
        ]) {
          assert.match(stdout, new RegExp(`^${section}$`, 'm'));
        }
        for (const option of OPTIONS) {
          const shown = !option.hidden && (option.ours.only ?? name) === name;
          const form = new RegExp(`^ +\\[-${option.name().split('').join('\\]?')}`, 'm');
          assert.equal(form.test(stdout), shown, option.name());
        }
      },
    );

    test('has no text that roff would take for a command', () => {
      const macros = manPage(name)
        .split('\n')
        .filter((line) => /^[.']/.test(line));
      for (const line of macros) assert.match(line, /^\.(TH|SH|TP|PP|B|BR)( |$)/);
    });
  });
}
