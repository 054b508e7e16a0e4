import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { completionScript } from '../../src/cli/completion.ts';
import { OPTIONS } from '../../src/options.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const folder = await temporaryDirectory();
mkdirSync(join(folder, 'some folder'));
writeFileSync(join(folder, 'Output one.csv'), '');
const script = join(folder, 'completion.bash');
writeFileSync(script, completionScript('bash', PLUGINS));

const installed = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;
const skip = {
  bash: !installed('bash') && 'bash is not installed here',
  zsh: !installed('zsh') && 'zsh is not installed here',
};

/** What a real bash offers at the end of this line. */
function offered(line: string): string[] {
  const program = `
    source '${script}'
    COMP_LINE=$1 COMP_POINT=\${#1}
    _qualys_connector "\${1%% *}"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', line], {
    cwd: folder,
    encoding: 'utf8',
  });
  // compopt complains when no completion is going on, into the void.
  assert.equal(stderr, '');
  return stdout
    .split('\n')
    .filter((word) => word !== '')
    .sort();
}

suite('completion in bash', { skip: skip.bash }, () => {
  test('is there for every installed name', () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const { bin } = JSON.parse(manifest) as { bin: Record<string, string> };
    const { stdout } = spawnSync('bash', ['--norc', '-c', `source '${script}'; complete -p`], {
      encoding: 'utf8',
    });
    for (const name of Object.keys(bin)) assert.ok(stdout.includes(`-F _qualys_connector ${name}\n`), name);
  });

  test('offers the options that begin so', () => {
    assert.deepEqual(offered('qualys_connector -pas'), ['-password=', '-passwordfile=']);
    assert.deepEqual(offered('qualys_connector --sy'), ['-syslog']);
    assert.deepEqual(offered('qualys_connector -level=3 +ipv'), ['-ipv6']);
    assert.deepEqual(offered('qualys_connector -runond'), []);
  });

  test("offers process-multiple's own options to it alone", () => {
    assert.deepEqual(offered('/usr/bin/process_multiple.pl -mu'), ['-multiinfo=']);
    assert.deepEqual(offered('qualys-connector -mu'), []);
  });

  test('offers values: files, folders, words', () => {
    assert.deepEqual(offered('qualys_connector -csvfile=Out'), ['Output one.csv']);
    assert.deepEqual(offered('qualys_connector -report=Out'), ['Output one.csv']);
    assert.deepEqual(offered('qualys_connector -csvfile Out'), ['Output one.csv']);
    assert.deepEqual(offered('qualys_connector -init=s'), ['some folder']);
    assert.deepEqual(offered('qualys_connector -level='), ['0', '1', '2', '3']);
    assert.deepEqual(offered('qualys_connector -logformat=j'), ['json']);
    assert.deepEqual(offered('qualys_connector -server=1'), []);
  });

  test('offers the plugins', () => {
    assert.deepEqual(offered('qualys_connector -syslog '), ['QualysGuard', 'csv']);
    assert.deepEqual(offered('qualys_connector -syslog Q'), ['QualysGuard']);
  });
});

test('the completion for zsh knows every option that is shown', () => {
  for (const option of OPTIONS) {
    const name = option.name();
    const form = option.required ? `'-${name}=-[` : `'-${name}[`;
    assert.equal(completionScript('zsh', PLUGINS).includes(form), !option.hidden, name);
  }
});

suite('completion in zsh', { skip: skip.zsh }, () => {
  test('is defined without complaint', () => {
    const file = join(folder, 'completion.zsh');
    writeFileSync(file, completionScript('zsh', PLUGINS));
    const program = `autoload -Uz compinit; compinit -u -D; source '${file}'; print -r -- $_comps[process_multiple.pl]`;
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', program], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(stdout, '_qualys_connector\n');
  });
});
