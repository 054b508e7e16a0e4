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
): Promise<string | undefined> {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (typeof stdout !== 'string' || !stdout.includes('util-linux')) {
    context.skip("util-linux's script(1) is not installed here");
    return undefined;
  }
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const command = words.map(quoted).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...env, TERM: 'xterm' } });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = shown;
    shown += text;
    for (const { after, keys } of typings) {
      if (!before.includes(after) && shown.includes(after)) child.stdin.write(keys);
    }
  });
  await once(child, 'close');
  return shown;
}
