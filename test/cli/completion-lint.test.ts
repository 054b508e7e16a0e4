import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { completionScript } from '../../src/cli/completion.ts';

const missing = spawnSync('shellcheck', ['--version']).error !== undefined;

test(
  'shellcheck finds nothing wrong with the completion for bash',
  { skip: missing && 'shellcheck is not installed here' },
  () => {
    const { stdout } = spawnSync('shellcheck', ['--shell=bash', '-'], {
      input: completionScript('bash', PLUGINS),
      encoding: 'utf8',
    });
    assert.equal(stdout, '');
  },
);
