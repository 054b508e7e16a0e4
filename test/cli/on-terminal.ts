import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** Keys to type once the terminal shows a text. */
export interface Typing {
  readonly after: string;
  readonly keys: string;
}

/**
 * Runs a program (ES module text) on a real pseudo-terminal and gives all that the terminal was sent;
 * undefined, with the test skipped, where script(1) is missing.
 */
export async function onTerminal(
  context: TestContext,
  program: string,
  typing?: Typing,
): Promise<string | undefined> {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (typeof stdout !== 'string' || !stdout.includes('util-linux')) {
    context.skip("util-linux's script(1) is not installed here");
    return undefined;
  }
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const command = [process.execPath, '--input-type=module', '--eval', program].map(quoted).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, TERM: 'xterm' } });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = shown;
    shown += text;
    if (typing === undefined || before.includes(typing.after) || !shown.includes(typing.after)) return;
    child.stdin.write(typing.keys);
  });
  await once(child, 'close');
  return shown;
}
