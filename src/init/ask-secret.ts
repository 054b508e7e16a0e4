import { secretByCommand } from '../secrets/secret-command.ts';
import type { Secret } from '../secrets/secret.ts';
import { ConnectorError } from '../connector-error.ts';
import { NONE } from './answer-words.ts';
import type { SecretSource } from './plan.ts';
import type { Questions } from './questions.ts';
import { wordsOf } from './words.ts';

interface AskedSecret {
  /** As the question names it. */
  readonly question: string;
  /** For messages, e.g. `the password of the certificate file`. */
  readonly what: string;
  /** The key of the YAML for a command; undefined: there is none, and a command is not asked for. */
  readonly key: string | undefined;
  readonly initial: string;
  /** Where it goes, where that is no file of its own. */
  readonly kept?: string;
}

/** What is typed, or what the command gives that is named in its place. */
export interface AnsweredSecret {
  readonly source: SecretSource;
  readonly secret: Secret | undefined;
}

/** Asks for a secret, or with `!` for the command that gives it. */
export async function askSecret(questions: Questions, asked: AskedSecret): Promise<AnsweredSecret> {
  const { question, what, key, initial } = asked;
  const where = asked.kept ?? 'is kept in a file for you alone (mode 0600)';
  const kept = `Type ${what}. It is not shown, and ${where}.`;
  if (key === undefined) {
    const typed = await questions.secret({ question, help: kept, initial });
    return typed === undefined
      ? { source: { kind: 'none' }, secret: undefined }
      : { source: { kind: 'file', secret: typed }, secret: typed };
  }
  const help = `${kept} Or type ! to name a command that gives it, such as pass show qualys: then ${key} is written in its place.`;
  for (;;) {
    const typed = await questions.secret({ question: `${question}, or ! for a command`, help, initial });
    if (typed === undefined) return { source: { kind: 'none' }, secret: undefined };
    if (typed.reveal() !== '!') return { source: { kind: 'file', secret: typed }, secret: typed };
    const answer = await askCommand(questions, what, key);
    if (answer) return answer;
  }
}

async function askCommand(
  questions: Questions,
  what: string,
  key: string,
): Promise<AnsweredSecret | undefined> {
  const text = await questions.text({
    question: 'Command, run without a shell',
    help: `Its first line of output is ${what}. Words are parted by blanks; one with blanks goes into quotes. The program is one in PATH, or an absolute path.`,
    initial: NONE,
    wrong: (answer) =>
      wordsOf(answer)
        ? undefined
        : 'That is no command: a quote is open, or the path of the program is not absolute.',
  });
  const words = text === NONE ? undefined : wordsOf(text);
  if (!words) return undefined;
  try {
    const { secret } = await secretByCommand({ words, key, what });
    return { source: { kind: 'command', words }, secret };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    questions.say(error.message);
    return undefined;
  }
}
