import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { programPath, stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { blocks, page, PAGES } from './readme.ts';

/** The lines of all blocks without a language that are commands, as they are typed. */
function commands(text: string): string[] {
  return blocks('', text)
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(npx )?(qualys_connector|process-multiple|cp|chmod|cd|mkdir) [^[<]*$/.test(line));
}

test('every command on the pages is one that the command line takes', () => {
  const lines = [...PAGES.values()]
    .flatMap(commands)
    .map((line) => line.replace(/^npx /, '').replace(/ > .*$/, ''))
    .filter((line) => /^(qualys|process)/.test(line));
  assert.ok(lines.length > 8);
  for (const line of lines) {
    const [name = '', ...words] = line.split(' ');
    readCommandLine(words, { name, multiple: name === 'process-multiple' }, PLUGINS);
  }
});

test('the README works as it is written, command by command', async (t) => {
  const stage = await stageFor(t);
  const downloads = join(stage.directory, 'downloads');
  const directory = join(stage.directory, 'qualys');
  await mkdir(downloads);
  await copyFile(stage.files.pkcs12, join(downloads, 'CertFile.pkcs12'));
  const { host, port } = stage.managementCenter;
  const env = await installedIn(stage.directory);
  const lines = commands(page('README.md'));
  assert.ok(lines.length >= 14, lines.join('\n'));
  let cwd = downloads;
  for (const line of lines) {
    const here = line
      .replaceAll('/usr/local/qualys', directory)
      .replace('-server=10.10.10.10', `-server=${host} -port=${port}`);
    if (here.startsWith('cd ')) cwd = here.slice(3);
    else {
      // Rejects when the command does not end in 0, with all that it printed.
      await promisify(execFile)('/bin/sh', ['-c', here], { cwd, env });
      await runNoted(t, join(stage.directory, 'noted'), cwd);
    }
    if (line.includes('-init=')) await fillIn(stage.files, directory);
  }
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
  // Both commands, each in the way of the last lines of the page.
  assert.equal(stage.qualys.transcript.filter(({ endpoint }) => endpoint === 'launch').length, 4);
});

/**
 * A user's environment, in which the commands are found by their names: real ones, but for runs, whose words they note,
 * each ended by a NUL, the name first.
 */
async function installedIn(home: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  for (const name of ['qualys_connector', 'process-multiple'] as const) {
    const script = `#!/bin/sh
case "$1" in
  -version | -completion=* | -init=*) exec '${process.execPath}' '${programPath(name)}' "$@" ;;
esac
printf '%s\\0' ${name} "$@" > '${join(home, 'noted')}'
`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
  await writeFile(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const { PATH = '', NODE_V8_COVERAGE: coverage } = process.env;
  return { PATH: `${bin}:${PATH}`, HOME: home, ...(coverage && { NODE_V8_COVERAGE: coverage }) };
}

/** The run whose words were noted, if one was, in this process: six starts of the command would take as many seconds. */
async function runNoted(t: TestContext, file: string, cwd: string): Promise<void> {
  const noted = await readFile(file, 'utf8').catch(() => undefined);
  if (noted === undefined) return;
  await rm(file);
  const [name, ...words] = noted.split('\0').slice(0, -1);
  const command = name === 'process-multiple' ? name : 'qualys_connector';
  const ended = await runHere(t, cwd, words, { command });
  assert.equal(ended.code, 0, ended.output);
}

/** What the text between the commands tells the user to do. */
async function fillIn(
  files: Readonly<Record<'yaml' | 'qualysCa', string>>,
  directory: string,
): Promise<void> {
  await copyFile(files.yaml, join(directory, 'InputPlugins', 'QualysGuard.yaml'));
  await copyFile(files.qualysCa, join(directory, 'InputPlugins', 'qualys-ca.pem'));
  await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 7 })].join(''));
}
