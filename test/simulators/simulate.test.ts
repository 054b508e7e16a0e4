import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connector } from '../support/connector.ts';

test('npm run simulate prints a command that works against both servers, and ends with Ctrl-C', async () => {
  const script = fileURLToPath(new URL('../../src/simulators/simulate.js', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  const ready = new Promise<string>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (line.includes('npx qualys_connector')) resolve(line);
    });
  });
  const options = (await ready).split(' ').filter((word) => word.startsWith('-'));
  const ended = await connector(options);
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
