import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Scripted {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs an ES module's text in a process of its own, which no test could survive in its own.
 * @param script `SRC` in it is the URL of the compiled src/
 */
export async function scripted(script: string, args: readonly string[] = []): Promise<Scripted> {
  const src = new URL('../../src/', import.meta.url).href;
  const words = ['--input-type=module', '-e', script.replaceAll('SRC/', src), ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
