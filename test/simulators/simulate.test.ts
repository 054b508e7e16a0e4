import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SCRIPT = fileURLToPath(new URL('../../src/simulators/simulate.js', import.meta.url));

test('npm run simulate -- --help says what it takes', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '--help'], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^ {2}--hosts=NUMBER /m);
});

test('npm run simulate leaves nothing behind when Ctrl-C comes twice and nobody reads what it prints', async (t) => {
  const directory = await temporaryDirectory(t);
  const child = spawn(process.execPath, [SCRIPT, '--hosts=1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: directory },
  });
  for await (const line of createInterface(child.stdout)) if (line.includes('PKCS12_PASSWORD=')) break;
  assert.equal((await readdir(directory)).length, 1);
  child.stdout.destroy();
  child.kill('SIGINT');
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(await readdir(directory), []);
});

test('npm run simulate prints a command that works against both servers, and ends with Ctrl-C', async (t) => {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  const ready = new Promise<string>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (line.includes('PKCS12_PASSWORD=')) resolve(line);
    });
  });
  const options = (await ready).split(' ').filter((word) => word.startsWith('-'));
  const ended = await runHere(t, await temporaryDirectory(t), options);
  assert.equal(ended.code, 0, ended.output);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0);
  assert.ok(
    lines.some((line) => /^hosts +50$/.test(line)),
    lines.join('\n'),
  );
  const yaml = options.find((word) => word.startsWith('-plugininfo='))?.slice('-plugininfo='.length) ?? '';
  await assert.rejects(access(yaml));
});
