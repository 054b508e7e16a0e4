import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { connector, programPath } from '../support/connector.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { initHere } from './init-here.ts';

test('-init makes a directory with the commented YAML for its owner alone, and says what to do next', async (t) => {
  const directory = join(await temporaryDirectory(t), 'my qualys');
  const ended = await connector([`-init=${directory}`]);
  assert.equal(ended.code, 0, ended.output);
  const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
  assert.equal((await stat(yaml)).mode & 0o777, 0o600);
  assert.match(await readFile(yaml, 'utf8'), /^template_id:$/m);
  assert.match(ended.stdout, /-test$/m);
  const line = /^ {3}(0 3 \* \* \* .*)$/m.exec(ended.stdout)?.[1] ?? '';
  assert.ok(line.includes(`'${yaml}'`), line);
  assert.ok(line.includes(process.execPath), line);
  const kept = ` -state='${join(directory, 'state')}' -changed -page='${join(directory, 'last-night.html')}'`;
  assert.ok(line.includes(kept), line);
});

test('-init prints the server and the certificate file that it was given, and a line for several templates', async (t) => {
  const directory = await temporaryDirectory(t);
  const words = [`-init=${directory}`, '-server=mc.example', '-pkcs12=/etc/a b.pkcs12'];
  const printed = await initHere(words, 'process-multiple');
  const [single = '', multiple = ''] = printed.match(/^ {3}0 3 .*$/gm) ?? [];
  assert.match(single, /qualys_connector\.js -server=mc\.example -pkcs12='\/etc\/a b\.pkcs12' /);
  assert.match(
    multiple,
    /process-multiple\.js 424242,535353 -server=mc\.example -pkcs12='\/etc\/a b\.pkcs12' /,
  );
  assert.doesNotMatch(printed, /10\.10\.10\.10|CertFile/);
});

test('-init leaves a configuration that is there as it is', async (t) => {
  const directory = await temporaryDirectory(t);
  await mkdir(join(directory, 'InputPlugins'));
  await writeFile(join(directory, 'InputPlugins', 'QualysGuard.yaml'), 'user_id: mine\n');
  await assert.rejects(initHere([`-init=${directory}`]), {
    exitCode: 2,
    message: /is there already\..*\[QC7401\]$/m,
  });
  assert.equal(
    await readFile(join(directory, 'InputPlugins', 'QualysGuard.yaml'), 'utf8'),
    'user_id: mine\n',
  );
});

test('-init where no directory can be made says so', async (t) => {
  const file = join(await temporaryDirectory(t), 'file');
  await writeFile(file, '');
  await assert.rejects(initHere([`-init=${file}`]), {
    exitCode: 2,
    message: /cannot be written.*\[QC6001\]$/m,
  });
});

test("-init called by way of npx's cache prints the file behind the link: somebody empties the cache", async (t) => {
  const directory = await temporaryDirectory(t);
  const bin = join(directory, '_npx', 'f00', 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  const link = join(bin, 'qualys_connector');
  await symlink(programPath(), link);
  const { stdout } = await promisify(execFile)(process.execPath, [link, `-init=${directory}`]);
  assert.doesNotMatch(stdout, /_npx/);
  assert.ok(stdout.includes(`${process.execPath} ${programPath()} -server=`), stdout);
  assert.ok(stdout.includes(`${programPath('process-multiple')} 424242`), stdout);
});
