import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { completionScript } from '../../src/cli/completion.ts';
import { converse, type Initiated } from '../../src/init/init.ts';
import type { Given } from '../../src/init/interview.ts';
import { PLUGINS } from '../../InputPlugins/index.ts';

/** What a question begins with, and what is typed there. */
export type Answer = readonly [question: string, typed: string];

export interface Conversation {
  readonly shown: string;
  /** The same in one line. */
  readonly said: string;
  readonly ended: Initiated | Error;
  /** The questions, in their order. */
  readonly questions: readonly string[];
}

/** Talks with -init; Enter is the answer to each question that is not named, and an answer is given once. */
export async function talk(
  given: Partial<Given> & Pick<Given, 'directory'>,
  answers: readonly Answer[] = [],
): Promise<Conversation> {
  const input = new PassThrough();
  const output = new PassThrough();
  const left = [...answers];
  const questions: string[] = [];
  let shown = '';
  let row = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    row = (row + text).slice((row + text).lastIndexOf('\n') + 1);
    // What readline draws ends with where it puts the cursor.
    const question = stripVTControlCharacters(row);
    if (!/^\S.*\[.*\]: $/.test(question)) return;
    row = '';
    questions.push(question);
    const at = left.findIndex(([named]) => question.startsWith(named));
    const [answer] = at < 0 ? [] : left.splice(at, 1);
    setImmediate(() => input.write(answer?.[1] ?? '\r'));
  });
  const all = { server: undefined, port: undefined, pkcs12: undefined, ...given };
  const completion = (shell: 'bash' | 'zsh'): string => completionScript(shell, PLUGINS);
  const ended = await converse(all, completion, input, output).catch((error: unknown) => error as Error);
  return { shown, said: shown.replace(/\s+/g, ' '), ended, questions };
}
