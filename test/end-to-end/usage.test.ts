import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandFile } from '../support/command-file.ts';
import { connector, programPath } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('without options: version, usage and at last what is missing, on standard error, exit code 1, by the name it was called by', async (t) => {
  const link = join(await temporaryDirectory(t), 'qualys_connector.pl');
  await symlink(programPath(), link);
  const { status, stdout, stderr } = spawnSync(process.execPath, [link], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /\n\nClient Does Not Specify Server IP to Connect to.*\n$/);
  assert.match(
    stderr,
    /^\nqualys_connector\S* Ver\. \S+\n\nusage: qualys_connector\.pl \[options\] \[plugin\]\nOptions:\n/,
  );
  assert.match(stderr, /\n\t\[-se\]rver=<server address>\n/);
  assert.match(stderr, /\nSupported Plugins:\n {4}QualysGuard:\t/);
});

test('-help prints the usage on standard output, -version name and version, both with exit code 0', async () => {
  const help = await connector(['-help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /usage: qualys_connector \[options\] \[plugin\]\n.*\t\[-se\]rver=/s);
  const version = await connector(['-version']);
  assert.deepEqual([version.code, version.stderr], [0, '']);
  assert.match(version.stdout, /^qualys_connector Ver\. \S+\n$/);
});

test("what is wrong on the command line is told in Getopt::Long's words, with exit code 2", async (t) => {
  const directory = await temporaryDirectory(t);
  const cases = [
    [['-bogus'], 'Unknown option: bogus'],
    [['-s'], 'Option s is ambiguous (server, stderr, syslog)'],
    [['-csvfile'], 'Option csvfile requires an argument'],
    [['-level=abc'], 'Value "abc" invalid for option level (number expected)'],
    [['-syslog=1'], 'Option syslog does not take an argument'],
  ] as const;
  for (const [words, message] of cases) {
    const { code, stdout, stderr } = await runHere(t, directory, words);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.ok(stderr.startsWith(message), stderr);
  }
});

test('too few files that may be open are told in a sentence, wherever that is met', async (t) => {
  const directory = await temporaryDirectory(t);
  const words = [...(await commandFile(directory, 1)), '-csvfile=/dev/null'];
  for (const files of [24, 31]) {
    const limited = ['sh', '-c', `ulimit -n ${files}; exec "$@"`, 'sh'];
    const { code, output } = await connector(words, { inside: limited });
    assert.doesNotMatch(output, /\n +at |QC9000/);
    // Which file is the one too many is another one with each Node.js.
    const told = code === 2 && /(?:QC1404|too many files are open .*QC\d{4})\]/.test(output);
    assert.ok(code === 0 || told, `${files}: ${output}`);
  }
});
