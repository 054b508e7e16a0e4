import { failures } from '../connector-error.ts';
import { environmentForPrograms } from '../environment.ts';
import { ExitCode } from '../exit-code.ts';
import { runProgram } from '../programs/run-program.ts';
import type { Words } from '../programs/words.ts';
import { oneLine } from '../text/one-line.ts';
import { LONGEST_SECRET, secretOfFirstLine } from './first-line.ts';
import type { Secret } from './secret.ts';

const failure = failures(ExitCode.failed);

/** How a secret is got. */
export interface SecretCommand {
  readonly words: Words;
  /** The key of the YAML that has it. */
  readonly key: string;
  /** Names the secret for messages, e.g. `the password of the proxy`. */
  readonly what: string;
}

/** A secret, and what the program that gave it had to say. */
export interface CommandedSecret {
  readonly secret: Secret;
  /** A sentence for a WARNING: what it wrote to standard error; undefined: nothing. */
  readonly remark: string | undefined;
}

/** The program that is to give a secret fails. */
const SecretCommandFailedError = failure(
  'QC6301',
  ({ words: [program], key, what }: SecretCommand, trouble: string, said: string) => [
    `${program} of ${key} did not give ${what}: ${trouble}.${said === '' ? '' : ` It said: ${said}`}`,
    'Run the command by hand as the same user, with the PATH and the variables that this program is started with.',
  ],
);

/** The program that is to give a secret gives none. */
const SecretCommandUnusableError = failure(
  'QC6302',
  ({ words: [program], key, what }: SecretCommand, wrong: string, said: string) => [
    `The first line that ${program} of ${key} wrote is to be ${what}, but it ${wrong}.${said === '' ? '' : ` It said: ${said}`}`,
    'Have the command write the secret alone, in UTF-8, to its standard output.',
  ],
);

/** Seconds for one secret. */
const LIMIT = 30;
/** Characters of what a program says. */
const LONGEST_SAID = 300;

/**
 * Runs a program, without a shell, that writes a secret as the first line of its standard output.
 * @throws SecretCommandFailedError, SecretCommandUnusableError
 */
export async function secretByCommand(command: SecretCommand): Promise<CommandedSecret> {
  const { output, trouble, complaint } = await runProgram(command.words, {
    env: environmentForPrograms(process.env),
    seconds: LIMIT,
    kept: LONGEST_SECRET + 2,
  });
  const said = oneLine(withoutOutput(complaint, output), LONGEST_SAID);
  if (trouble !== undefined) throw new SecretCommandFailedError(command, trouble, said);
  const secret = secretOfFirstLine(output);
  if (typeof secret === 'string') throw new SecretCommandUnusableError(command, secret, said);
  const [program] = command.words;
  return { secret, remark: said === '' ? undefined : `${program} of ${command.key} said: ${said}` };
}

/** What a program wrote to standard error, without what it wrote to standard output: that is the secret. */
function withoutOutput(complaint: string, output: Buffer): string {
  const secrets = output
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort((a, b) => b.length - a.length);
  return secrets.reduce((text, line) => text.replaceAll(line, '***'), complaint).trim();
}
