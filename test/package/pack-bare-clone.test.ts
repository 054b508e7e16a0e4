import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';

const skip =
  process.env.QC_TEST_INSTALL !== '1'
    ? 'asks the npm registry: set QC_TEST_INSTALL=1'
    : !existsSync(join(CHECKOUT, '.git')) && 'this is no git checkout';

test(
  'npm pack on a clone where nothing is installed yet packs the program',
  { skip, timeout: 300_000 },
  async (t) => {
    const clone = join(await temporaryDirectory(t), 'clone');
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', CHECKOUT, clone]);
    const tarball = execFileSync('npm', ['pack'], {
      cwd: clone,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
      .trim()
      .split('\n')
      .at(-1);
    const files = execFileSync('tar', ['-tzf', join(clone, tarball ?? '')], { encoding: 'utf8' }).split('\n');
    for (const file of Object.values(MANIFEST.bin)) assert.ok(files.includes(`package/${file}`), file);
  },
);
