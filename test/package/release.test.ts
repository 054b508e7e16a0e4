import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { before, suite, test } from 'node:test';
import { openPromise } from 'yauzl';
import { STAGE } from '../../src/simulators/stage.ts';
import { NAME, VERSION } from '../../src/version.ts';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';
import { stageFor } from '../support/connector.ts';
import { SMALL_REPORT } from '../support/small-report.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runInstalled } from './packed.ts';

const skip = process.env.QC_TEST_INSTALL !== '1' && 'makes a release and installs it: set QC_TEST_INSTALL=1';
const FOLDER = `${NAME}-${VERSION}`;

const directory = await temporaryDirectory();
const release = join(directory, 'release');
const home = join(directory, FOLDER);

function makeRelease(to: string, env: NodeJS.ProcessEnv): void {
  const script = join(CHECKOUT, 'dist', 'src', 'release', 'release.js');
  execFileSync(process.execPath, [script, `--to=${to}`], { env: { ...process.env, ...env }, stdio: 'pipe' });
}

suite('a release', { skip, timeout: 120_000 }, () => {
  before(() => {
    makeRelease(release, {});
    execFileSync('tar', ['-xzf', join(release, `${FOLDER}.tar.gz`), '-C', directory]);
  });

  test('has its commands and the YAML in the top folder, as the Perl connector has', async () => {
    for (const command of ['qualys_connector.pl', 'process_multiple.pl']) {
      assert.equal(await runInstalled(`./${command}`, ['-version'], home), `${command} Ver. ${VERSION}\n`);
    }
    assert.match(readFileSync(join(home, 'InputPlugins', 'QualysGuard.yaml'), 'utf8'), /^user_id:$/m);
    // A password will stand in it.
    assert.equal(statSync(join(home, 'InputPlugins', 'QualysGuard.yaml')).mode & 0o777, 0o600);
    assert.match(
      await runInstalled('./qualys_connector.pl', ['-help'], home),
      /^usage: qualys_connector\.pl \[options\]/m,
    );
  });

  test('runs by an absolute path, by a link from elsewhere, and handed over by node and perl', async () => {
    const command = join(home, 'qualys_connector.pl');
    const elsewhere = join(directory, 'else where');
    await mkdir(elsewhere);
    await symlink(command, join(elsewhere, 'qualys_connector'));
    assert.equal(await runInstalled(command, ['-version'], '/'), `qualys_connector.pl Ver. ${VERSION}\n`);
    assert.equal(
      await runInstalled('./qualys_connector', ['-version'], elsewhere),
      `qualys_connector Ver. ${VERSION}\n`,
    );
    assert.equal(
      await runInstalled(process.execPath, [command, '-version'], '/'),
      `qualys_connector.pl Ver. ${VERSION}\n`,
    );
    assert.equal(
      await runInstalled('perl', ['qualys_connector.pl', '-version'], home),
      `qualys_connector.pl Ver. ${VERSION}\n`,
    );
  });

  test('says where there is no Node.js, and takes none from the current directory', async () => {
    const bare = join(directory, 'bare');
    await mkdir(bare);
    await symlink('/bin/sh', join(bare, 'sh'));
    await writeFile(join(directory, 'node'), '#!/bin/sh\necho taken\n', { mode: 0o755 });
    const command = join(home, 'qualys_connector.pl');
    const { status, stdout, stderr } = spawnSync(command, ['-version'], {
      cwd: directory,
      env: { PATH: `:${bare}` },
      encoding: 'utf8',
    });
    // A machine may have one in a usual place.
    const said = status === 0 ? /^qualys_connector\.pl Ver\. / : /^Node\.js is not here, .* \[QC1403\]\n$/;
    assert.match(stdout + stderr, said);
    assert.doesNotMatch(stdout, /taken/);
  });

  test('reads a report, and delivers one in the way of the demo', async (t) => {
    const stage = await stageFor(t);
    await writeFile(join(stage.directory, 'report.xml'), SMALL_REPORT);
    const command = join(home, 'qualys_connector.pl');
    await runInstalled(command, ['-report=report.xml', '-csvfile=Output.csv'], stage.directory);
    assert.match(await readFile(join(stage.directory, 'Output.csv'), 'utf8'), /^AddScanResult,10\.1\.2\.3,/m);
    await writeFile(join(stage.directory, 'pkcs12-password'), STAGE.pkcs12Password, { mode: 0o600 });
    const { host, port } = stage.managementCenter;
    const words = [`-server=${host}`, `-port=${port}`, '-passwordfile=pkcs12-password'];
    assert.match(await runInstalled(command, [...words], stage.directory), /\[INFO\] Processing Complete\n$/);
    assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
  });

  test('makes a working directory from the YAML as it was shipped', async () => {
    const yaml = join(home, 'InputPlugins', 'QualysGuard.yaml');
    const shipped = await readFile(yaml, 'utf8');
    await writeFile(yaml, 'password: secret\n');
    await runInstalled('./qualys_connector.pl', ['-init=new'], home);
    await writeFile(yaml, shipped);
    assert.equal(await readFile(join(home, 'new', 'InputPlugins', 'QualysGuard.yaml'), 'utf8'), shipped);
  });

  test('is the same as a zip', async () => {
    const zip = await openPromise(join(release, `${FOLDER}.zip`));
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName);
      const file = join(directory, entry.fileName);
      assert.equal(entry.externalFileAttributes >>> 16, statSync(file).mode, entry.fileName);
      assert.deepEqual(await buffer(await zip.openReadStreamPromise(entry)), readFileSync(file));
    }
    const inTar = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('/new'))
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
    assert.deepEqual(names.sort(), inTar.sort());
  });

  test('is the same bytes wherever and by whomever it is made, and SHA256SUMS says which', () => {
    const again = join(directory, 'again');
    makeRelease(again, { TZ: 'Asia/Tokyo', HOME: directory, LANG: 'C' });
    const sums = readFileSync(join(release, 'SHA256SUMS'), 'utf8');
    for (const name of [`${FOLDER}.tar.gz`, `${FOLDER}.zip`]) {
      const bytes = readFileSync(join(release, name));
      assert.ok(bytes.equals(readFileSync(join(again, name))), name);
      assert.ok(sums.includes(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`));
    }
  });

  test('holds no package that a run does not need', () => {
    const packages = readdirSync(join(home, 'node_modules'));
    assert.ok(Object.keys(MANIFEST.dependencies).every((name) => packages.includes(name)));
    for (const name of ['typescript', 'eslint', '@types', 'yazl', '.bin']) {
      assert.ok(!packages.includes(name), name);
    }
  });

  test('is installed by npm without a registry', async () => {
    const prefix = join(directory, 'prefix');
    execFileSync(
      'npm',
      [
        'install',
        '-g',
        `--prefix=${prefix}`,
        '--registry=http://127.0.0.1:1',
        '--ignore-scripts',
        '--omit=dev',
        '--no-audit',
        '--no-fund',
        join(release, `${FOLDER}.tar.gz`),
      ],
      { cwd: directory, env: { PATH: process.env.PATH, HOME: directory }, stdio: 'pipe' },
    );
    const command = join(prefix, 'bin', 'process_multiple.pl');
    assert.equal(await runInstalled(command, ['-version'], '/'), `process_multiple.pl Ver. ${VERSION}\n`);
  });
});
