import { Secret } from './secret.ts';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal/terminal.ts';

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
  const unanswered = {
    interrupted: () => new PasswordQuestionInterruptedError(),
    ended: () => new PasswordNotGivenError(),
  };
  // Nearly no run asks, and loading readline takes some 10 ms.
  const { withTerminal } = await import('../terminal/terminal.ts');
  const ask = (terminal: Terminal): Promise<string> => terminal.ask(question, false);
  return new Secret(await withTerminal(unanswered, input, output, ask));
}
