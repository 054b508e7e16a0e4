import assert from 'node:assert/strict';
import { once } from 'node:events';
import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PLUGINS } from '../InputPlugins/index.ts';
import { readCommandLine } from '../src/cli/command-line.ts';
import { refuseOutputsThatAreRead } from '../src/outputs.ts';
import { connector, stageFor } from './support/connector.ts';
import { runHere } from './support/run-here.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { withEnvironment } from './support/with-environment.ts';

async function judged(...args: readonly string[]): Promise<void> {
  const line = readCommandLine(args, { name: 'qualys_connector', multiple: false }, PLUGINS);
  if (line.kind !== 'run') throw new Error(`these words make no run: ${args.join(' ')}`);
  await refuseOutputsThatAreRead(line.options, line.plugin);
}

/** Makes the files and their folders; gives the directory. */
async function filesOf(t: TestContext, ...names: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory(t);
  for (const name of names) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), name);
  }
  return directory;
}

for (const output of ['-csvfile', '-summary', '-page', '-metrics', '-logfile']) {
  test(`${output} is refused where it is what the run reads, by whatever name`, async (t) => {
    const there = await filesOf(t, 'a.yaml', 'b.csv', 'c.xml', 'd.pkcs12', 'e.pass', 'f/g.p12', 'h.pem');
    const at = (name: string): string => join(there, name);
    await symlink(at('a.yaml'), at('symbolic'));
    await link(at('b.csv'), at('hard'));
    await symlink(there, at('folder'));
    withEnvironment(t, { NODE_EXTRA_CA_CERTS: at('h.pem') });
    const reads: readonly (readonly [path: string, ...args: string[]])[] = [
      ['symbolic', `-plugininfo=${at('a.yaml')}`],
      ['hard', `-plugininfo=${at('b.csv')}`, 'csv'],
      ['folder/c.xml', `-report=${at('c.xml')}`],
      ['./d.pkcs12', `-pkcs12=${at('d.pkcs12')}`],
      ['e.pass', `-passwordfile=${at('e.pass')}`],
      // Found beside the YAML, whether or not that is there.
      ['f/g.p12', `-plugininfo=${at('f/none.yaml')}`],
      ['f/none.yaml', `-plugininfo=${at('f/none.yaml')}`],
      ['h.pem'],
    ];
    for (const [path, ...args] of reads) {
      const refused = judged('-server=mc', ...args, `${output}=${there}/${path}`);
      await assert.rejects(refused, { code: 'QC1005', exitCode: 2 }, path);
    }
    await judged('-server=mc', `-plugininfo=${at('a.yaml')}`, `${output}=${at('other')}`);
  });
}

test('no output is a file of a Management Center that the YAML lists, nor the certificate file that is found for it', async (t) => {
  const there = await filesOf(t, 'own/1.p12', 'own/2.p12', 'own/2.pass', 'InputPlugins/g.pkcs12');
  const at = (name: string): string => join(there, name);
  const yaml = at('InputPlugins/q.yaml');
  const entries = [
    '{ address: mc, port: 1, pkcs12: ../own/1.p12 }',
    '{ address: mc, port: 2, pkcs12: ../own/2.p12, password_file: ../own/2.pass }',
  ];
  await writeFile(yaml, ['servers:', ...entries.map((entry) => `  - ${entry}`), ''].join('\n'));
  for (const file of ['own/1.p12', 'own/2.p12', 'own/2.pass', 'InputPlugins/g.pkcs12']) {
    for (const output of ['-csvfile', '-logfile']) {
      const refused = judged('-server=mc', `-plugininfo=${yaml}`, `${output}=${at(file)}`);
      await assert.rejects(refused, { code: 'QC1005', exitCode: 2 }, `${output} ${file}`);
    }
    const ended = await connector([`-plugininfo=${yaml}`, `-summary=${at(file)}`], { cwd: there });
    assert.match(ended.stderr, /QC1005/, ended.output);
    assert.equal(await readFile(at(file), 'utf8'), file);
  }
});

test('two outputs are no one file, by whatever name', async (t) => {
  const there = await filesOf(t, 'one');
  await symlink('one', join(there, 'other'));
  const outputs = [`-csvfile=${there}/one`, `-logfile=${there}/other`];
  await assert.rejects(judged(...outputs), /-logfile would write to .*other, which is the file of -csvfile/);
});

test('devices and pipes can be shared', () => judged('-csvfile=/dev/null', '-summary=/dev/null'));

for (const key of ['qualys_ca', 'password_file', 'client_secret_file']) {
  test(`the file of ${key} in the YAML is no output`, async (t) => {
    const there = await filesOf(t, 'secret');
    const login = key === 'client_secret_file' ? 'client_id: c' : 'user_id: u\npassword: p';
    const yaml = join(there, 'q.yaml');
    const lines = [key === 'password_file' ? 'user_id: u' : login, 'template_id: 1', `${key}: secret`, ''];
    await writeFile(yaml, lines.join('\n'), { mode: 0o600 });
    const ended = await runHere(t, there, [`-plugininfo=${yaml}`, '-csvfile=secret']);
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.stdout, new RegExp(`the file of ${key}.*QC1005`));
    assert.equal(await readFile(join(there, 'secret'), 'utf8'), 'secret');
  });
}

test('an output that cannot be written is told once, before anything is asked of Qualys', async (t) => {
  const stage = await stageFor(t);
  const socket = createServer().listen(join(stage.directory, 'socket'));
  t.after(() => socket.close());
  await once(socket, 'listening');
  for (const outputs of [['-csvfile=socket'], ['-csvfile=o.csv', '-summary=socket/s.json']]) {
    const ended = await runHere(t, stage.directory, [stage.plugininfo, ...outputs]);
    assert.equal(ended.code, 2, ended.output);
    assert.equal(ended.stdout.match(/QC6001/g)?.length, 1, ended.stdout);
  }
  assert.equal(stage.qualys.transcript.length, 0);
});
