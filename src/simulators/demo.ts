/** `npm run demo`: the real command, in a process of its own each time, against the project's own servers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { showNights } from './nights.ts';
import { makeStageCertificates, STAGE } from './stage.ts';

/** As a user would run it. */
async function connector(options: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('../../bin/qualys_connector.js', import.meta.url));
  const child = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PKCS12_PASSWORD: STAGE.pkcs12Password, NO_PROXY: '127.0.0.1,localhost' },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const DIRECTORY = fileURLToPath(new URL('../../demo/', import.meta.url));
process.exitCode = await showNights(DIRECTORY, makeStageCertificates(), { connector, say });
