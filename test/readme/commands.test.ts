import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PLUGINS } from '../../InputPlugins/index.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { connector, stageFor } from '../support/connector.ts';
import { blocks, README, section } from './readme.ts';

/** The lines of all blocks without a language that are commands, as they are typed. */
function commands(text: string): string[] {
  return blocks('', text)
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(npx )?(qualys_connector|process-multiple|cp|chmod|cd) [^[<]*$/.test(line));
}

test('every command in the README is one that the command line takes', () => {
  const lines = commands(README)
    .map((line) => line.replace(/^npx /, '').replace(/ > .*$/, ''))
    .filter((line) => /^(qualys|process)/.test(line));
  assert.ok(lines.length > 8);
  for (const line of lines) {
    const [name = '', ...words] = line.split(' ');
    readCommandLine(words, { name, multiple: name === 'process-multiple' }, PLUGINS);
  }
});

test('the set-up in five minutes works as it is written, command by command', async (t) => {
  const stage = await stageFor(t);
  const downloads = join(stage.directory, 'downloads');
  const directory = join(stage.directory, 'qualys');
  await mkdir(downloads);
  await copyFile(stage.files.pkcs12, join(downloads, 'CertFile.pkcs12'));
  const { host, port } = stage.managementCenter;
  const lines = commands(section('## Set-up in five minutes'));
  assert.ok(lines.length >= 9, lines.join('\n'));
  let cwd = downloads;
  for (const line of lines) {
    const here = line
      .replaceAll('/usr/local/qualys', directory)
      .replace('-server=10.10.10.10', `-server=${host} -port=${port}`);
    const [program = '', ...words] = here.split(' ');
    if (program === 'cd') cwd = words[0] ?? '';
    else if (program === 'qualys_connector') {
      const ended = await connector(words, { cwd });
      assert.equal(ended.code, 0, `${line}\n${ended.output}`);
    } else execFileSync(program, words, { cwd });
    if (line.includes('-init=')) await fillIn(stage.files, directory);
  }
  assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
});

/** What the text between the commands tells the user to do. */
async function fillIn(
  files: Readonly<Record<'yaml' | 'qualysCa', string>>,
  directory: string,
): Promise<void> {
  await copyFile(files.yaml, join(directory, 'InputPlugins', 'QualysGuard.yaml'));
  await copyFile(files.qualysCa, join(directory, 'InputPlugins', 'qualys-ca.pem'));
  await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 7 })].join(''));
}
