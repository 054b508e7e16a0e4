import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test, type TestContext } from 'node:test';
import { STAGE } from '../../src/simulators/stage.ts';
import { VERSION } from '../../src/version.ts';
import { stageFor } from '../support/connector.ts';
import { MANIFEST } from '../support/checkout.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { installFromCheckout, pack, runInstalled } from './packed.ts';

const ways = [
  { name: 'unpacked, beside the packages it depends on', install: installFromCheckout, skip: false },
  {
    name: 'npm install -g --omit=dev --ignore-scripts',
    install: installByNpm,
    skip: process.env.QC_TEST_INSTALL !== '1' && 'asks the npm registry: set QC_TEST_INSTALL=1',
  },
];

for (const { name, install, skip } of ways) {
  const directory = await temporaryDirectory();
  suite(`the package, installed: ${name}`, { skip }, () => {
    let commands: string;
    before(async () => {
      const { tarball } = await pack(directory);
      commands = await install(tarball, join(directory, 'prefix'));
    });

    test('every command answers to its name', async () => {
      for (const command of Object.keys(MANIFEST.bin)) {
        assert.equal(
          await runInstalled(join(commands, command), ['-version']),
          `${command} Ver. ${VERSION}\n`,
        );
      }
    });

    test('needs no file that was not packed', async () => {
      const home = join(directory, 'prefix', 'lib', 'node_modules', 'qualys-connector');
      const files = (await readdir(join(home, 'dist', 'src'), { recursive: true })).filter(
        // The script of the page runs in browsers alone.
        (file) => file.endsWith('.js') && !file.startsWith(join('page', 'browser')),
      );
      assert.ok(files.length > 100);
      const program = files.map((file) => `await import(${JSON.stringify(`./dist/src/${file}`)});`).join('');
      await runInstalled(process.execPath, ['--input-type=module', '-e', program], home);
    });

    test('a report goes from Qualys into the network map', async (t) => {
      await rehearse(t, join(commands, 'qualys_connector'));
    });

    test('several templates go into a file each', async (t) => {
      const templates = ['424242', '535353'].map((id) => ({ id, title: `Template ${id}` }));
      const stage = await stageFor(t, { qualys: { templates } });
      await runInstalled(
        join(commands, 'process_multiple.pl'),
        ['424242,535353', '-csvfile=Output.csv'],
        stage.directory,
      );
      const files = (await readdir(stage.directory)).filter((file) => file.endsWith('.csv')).sort();
      assert.deepEqual(files, ['424242_Output.csv', '535353_Output.csv']);
      const [first = ''] = files;
      assert.match(await readFile(join(stage.directory, first), 'utf8'), /^SetSource,QualysGuard/);
    });
  });
}

test('npm puts the manual pages where man finds them', { skip: ways[1]?.skip }, async (t) => {
  const directory = await temporaryDirectory(t);
  const { tarball } = await pack(directory);
  await installByNpm(tarball, join(directory, 'prefix'));
  const pages = await readdir(join(directory, 'prefix', 'share', 'man', 'man1'));
  assert.deepEqual(pages.sort(), ['process-multiple.1', 'qualys_connector.1']);
});

/** What `npm run demo` does, in the simplest words: everything is found in the current directory. */
async function rehearse(t: TestContext, command: string): Promise<void> {
  const stage = await stageFor(t);
  await writeFile(join(stage.directory, 'pkcs12-password'), STAGE.pkcs12Password, { mode: 0o600 });
  const { host, port } = stage.managementCenter;
  const output = await runInstalled(
    command,
    [`-server=${host}`, `-port=${port}`, '-passwordfile=pkcs12-password'],
    stage.directory,
  );
  assert.match(output, /\[INFO\] Processing Complete\n$/);
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
}

/** As the README says, into a prefix of the test's own. */
function installByNpm(tarball: string, prefix: string): Promise<string> {
  execFileSync(
    'npm',
    [
      'install',
      '-g',
      '--prefix',
      prefix,
      '--omit=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      tarball,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return Promise.resolve(join(prefix, 'bin'));
}
