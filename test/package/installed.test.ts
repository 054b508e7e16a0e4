import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, suite, test, type TestContext } from 'node:test';
import { STAGE } from '../../src/simulators/stage.ts';
import { VERSION } from '../../src/version.ts';
import { stageFor } from '../support/connector.ts';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { installFromCheckout, pack, runInstalled } from './packed.ts';

/** What users run, and what tells them how. */
const WANTED = [
  /^dist\/(bin|src|InputPlugins)\/.*\.js(\.map)?$/,
  /^dist\/man\/[\w-]+\.1$/,
  /^(dist\/)?InputPlugins\/QualysGuard\.(yaml|schema\.json)$/,
  /^(package\.json|(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE)$/,
  /^docs\/([\w-]+\/)?[\w-]+\.(md|png)$/,
];

/** For rehearsals and for building: a clone has them. */
const LEFT_OUT = /^(src\/(simulators|release)\/|src\/(cli\/write-man-pages|config\/write-schema)\.ts$)/;

/** Packed once: npm takes two seconds of computing for it. */
const packing = await temporaryDirectory();
const packed = await pack(packing);

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
      commands = await install(packed.tarball, join(directory, 'prefix'));
    });

    test('every command lies there under its name, and answers to it', async () => {
      const home = join(directory, 'prefix', 'lib', 'node_modules', 'qualys-connector');
      for (const [command, file] of Object.entries(MANIFEST.bin)) {
        assert.equal(await realpath(join(commands, command)), await realpath(join(home, file)));
      }
      // One name of each file: the other names are only other links to it.
      for (const command of ['qualys-connector', 'process_multiple.pl']) {
        assert.equal(
          await runInstalled(join(commands, command), ['-version']),
          `${command} Ver. ${VERSION}\n`,
        );
      }
    });

    test('a report goes from Qualys into the network map', async (t) => {
      await rehearse(t, join(commands, 'qualys_connector'));
    });

    test('needs no file that was not packed, and several templates go into a file each', async (t) => {
      const home = join(directory, 'prefix', 'lib', 'node_modules', 'qualys-connector');
      const files = (await readdir(join(home, 'dist', 'src'), { recursive: true })).filter(
        // The script of the page runs in browsers alone.
        (file) => file.endsWith('.js') && !file.startsWith(join('page', 'browser')),
      );
      assert.ok(files.length > 100);
      const templates = ['424242', '535353'].map((id) => ({ id, title: `Template ${id}` }));
      const stage = await stageFor(t, { qualys: { templates } });
      const words = [join(commands, 'process_multiple.pl'), '424242,535353', '-csvfile=Output.csv'];
      const program = [
        ...files.map((file) => `await import(${quoted(join(home, 'dist', 'src', file))});`),
        // All is loaded: now as if it had been called.
        `process.argv.push(...${JSON.stringify(words)});`,
        `await import(${quoted(join(home, MANIFEST.bin['process_multiple.pl'] ?? ''))});`,
      ];
      await runInstalled(
        process.execPath,
        ['--input-type=module', '-e', program.join('\n')],
        stage.directory,
      );
      const written = (await readdir(stage.directory)).filter((file) => file.endsWith('.csv')).sort();
      assert.deepEqual(written, ['424242_Output.csv', '535353_Output.csv']);
      const [first = ''] = written;
      assert.match(await readFile(join(stage.directory, first), 'utf8'), /^SetSource,QualysGuard/);
    });
  });
}

test('npm puts the manual pages where man finds them', { skip: ways[1]?.skip }, async (t) => {
  const directory = await temporaryDirectory(t);
  await installByNpm(packed.tarball, join(directory, 'prefix'));
  const pages = await readdir(join(directory, 'prefix', 'share', 'man', 'man1'));
  assert.deepEqual(pages.sort(), ['process-multiple.1', 'qualys_connector.1']);
});

function quoted(path: string): string {
  return JSON.stringify(pathToFileURL(path).href);
}

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

suite('what npm pack packs', () => {
  test('is what is needed and nothing else', () => {
    const others = packed.files.filter(({ path }) => !WANTED.some((wanted) => wanted.test(path)));
    assert.deepEqual(others, []);
    assert.ok(!packed.files.some(({ path }) => path.includes('simulators')));
  });

  test('has every source file, compiled, with the map that names its lines in the log', async () => {
    const names = new Set(packed.files.map(({ path }) => path));
    for (const file of await sources()) {
      const compiled = `dist/${file.replace(/\.ts$/, '.js')}`;
      for (const needed of [compiled, `${compiled}.map`]) {
        assert.equal(names.has(needed), !LEFT_OUT.test(file), needed);
      }
    }
  });

  test('has the files that package.json names, the commands executable', () => {
    const modes = new Map(packed.files.map(({ path, mode }) => [path, mode]));
    for (const file of Object.values(MANIFEST.bin)) assert.equal(modes.get(file), 0o755, file);
    for (const file of MANIFEST.man) assert.ok(modes.has(file), file);
  });
});

async function sources(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of ['bin', 'src', 'InputPlugins']) {
    const names = await readdir(join(CHECKOUT, folder), { recursive: true });
    files.push(...names.filter(isCompiled).map((name) => `${folder}/${name}`));
  }
  return files;
}

function isCompiled(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.d.ts');
}
