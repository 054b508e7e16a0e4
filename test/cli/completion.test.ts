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

/** What a real bash offers at the end of each of these lines. */
function offered(...lines: readonly string[]): string[][] {
  const program = `
    source '${script}'
    for COMP_LINE; do
      COMP_POINT=\${#COMP_LINE} COMPREPLY=()
      _qualys_connector "\${COMP_LINE%% *}"
      printf '%s\\n' "\${COMPREPLY[@]}" --
    done`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', ...lines], {
    cwd: folder,
    encoding: 'utf8',
  });
  // compopt complains when no completion is going on, into the void.
  assert.equal(stderr, '');
  return stdout
    .split('--\n')
    .slice(0, -1)
    .map((words) =>
      words
        .split('\n')
        .filter((word) => word !== '')
        .sort(),
    );
}

/** Holds what is offered at the end of each line. */
function offers(expected: Readonly<Record<string, readonly string[]>>): void {
  const lines = Object.keys(expected);
  const found = offered(...lines);
  assert.deepEqual(Object.fromEntries(lines.map((line, index) => [line, found[index]])), expected);
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
    offers({
      'qualys_connector -pas': ['-password=', '-passwordfile='],
      'qualys_connector --sy': ['-syslog'],
      'qualys_connector -level=3 +ipv': ['-ipv6'],
      'qualys_connector -runond': [],
    });
  });

  test("offers process-multiple's own options to it alone", () => {
    offers({ '/usr/bin/process_multiple.pl -mu': ['-multiinfo='], 'qualys-connector -mu': [] });
  });

  test('offers values: files, folders, words', () => {
    offers({
      'qualys_connector -csvfile=Out': ['Output one.csv'],
      'qualys_connector -report=Out': ['Output one.csv'],
      'qualys_connector -csvfile Out': ['Output one.csv'],
      'qualys_connector -init=s': ['some folder'],
      'qualys_connector -level=': ['0', '1', '2', '3'],
      'qualys_connector -logformat=j': ['json'],
      'qualys_connector -server=1': [],
    });
  });

  test('offers the plugins', () => {
    offers({
      'qualys_connector -syslog ': ['QualysGuard', 'csv'],
      'qualys_connector -syslog Q': ['QualysGuard'],
    });
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
