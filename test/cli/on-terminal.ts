import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** Keys to type once the terminal shows a text, behind those that were waited for before, or something else to do then. */
export interface Typing {
  readonly after: string;
  readonly keys: string | ((shown: string) => void);
}

/**
 * Runs a program (ES module text) on a real pseudo-terminal and gives all that the terminal was sent;
 * undefined, with the test skipped, where script(1) is missing.
 */
export function onTerminal(
  context: TestContext,
  program: string,
  typing?: Typing,
): Promise<string | undefined> {
  const words = [process.execPath, '--input-type=module', '--eval', program];
  return commandOnTerminal(context, words, process.env, typing ? [typing] : []);
}

/** The same for the words of a command, in this environment, with several things to type. */
export async function commandOnTerminal(
  context: TestContext,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  typings: readonly Typing[],
  cwd?: string,
): Promise<string | undefined> {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (typeof stdout !== 'string' || !stdout.includes('util-linux')) {
    context.skip("util-linux's script(1) is not installed here");
    return undefined;
  }
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const command = words.map(quoted).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...env, TERM: 'xterm' } });
  let shown = '';
  let from = 0;
  const left = [...typings];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (let next = left[0]; next; next = left[0]) {
      const at = shown.indexOf(next.after, from);
      if (at < 0) return;
      from = at + next.after.length;
      left.shift();
      if (typeof next.keys === 'string') child.stdin.write(next.keys);
      else next.keys(shown);
    }
  });
  await once(child, 'close');
  return shown;
}
