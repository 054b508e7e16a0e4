import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from './secret.ts';
import { harmless } from '../text/harmless.ts';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

const interrupted = failures(ExitCode.interrupted);
const failed = failures(ExitCode.failed);

/** Ctrl-C at the question. */
export const PasswordQuestionInterruptedError = interrupted('QC1301', () => [
  'Interrupted at the question for a password.',
  'Nothing was done.',
]);

/** Ctrl-D, or the terminal went away. */
export const PasswordNotGivenError = failed('QC1302', () => [
  'No password was given.',
  'Type it at the question, or give it by a file or the environment.',
]);

/** True when there is a person to ask: standard input and standard error are a terminal. */
export function canAskPassword(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks on the terminal (standard error) and reads one line from standard input without showing it.
 * Throws PasswordQuestionInterruptedError or PasswordNotGivenError. Ask only when canAskPassword().
 */
export async function askPassword(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<Secret> {
  // readline edits the line (backspace, paste, UTF-8) and would echo it: it gets an output that shows nothing.
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    const answer = new Promise<Secret>((resolve, reject) => {
      lines.once('line', (line) => {
        resolve(new Secret(line));
      });
      lines.once('SIGINT', () => {
        reject(new PasswordQuestionInterruptedError());
      });
      lines.once('close', () => {
        reject(new PasswordNotGivenError());
      });
    });
    // Only now is echo off: whoever waits for the question may type.
    output.write(harmless(question));
    return await answer;
  } finally {
    lines.close();
    output.write('\n');
  }
}
