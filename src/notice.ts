/** The command that a run ends with when it fails. */
import { resolve } from 'node:path';
import { failures } from './connector-error.ts';
import { environmentForPrograms } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import type { Log } from './log/log.ts';
import type { Options } from './options.ts';
import { asFailure } from './outcome.ts';
import { runProgram } from './programs/run-program.ts';
import type { Words } from './programs/words.ts';
import { oneLine } from './text/one-line.ts';

/** Seconds for the command. */
const LIMIT = 60;
/** Characters of a sentence, and of what the command says. */
const LONGEST = 1_000;

const NoticeFailedError = failures(ExitCode.failed)(
  'QC6311',
  (program: string, trouble: string, said: string) => [
    `Nobody was told of the failure by ${program}: ${trouble}.${said === '' ? '' : ` It said: ${said}`}`,
    'The run itself ended as it is told above. Try the command by hand as the same user.',
  ],
);

/** How a run ended that did not do all it had to. */
export interface BadEnd {
  readonly exitCode: ExitCode;
  /** The first failure; undefined where all was delivered. */
  readonly error: unknown;
  /** Why somebody should look although all was delivered: messages; none where the Management Center complained. */
  readonly concerns: readonly string[];
}

/**
 * Runs the command of -onfailure or on_failure once, without a shell. It learns of the end by its environment, which holds none
 * of our secrets. That it fails is logged. Never rejects.
 */
export async function giveNotice(
  words: Words,
  end: BadEnd,
  { summary }: Pick<Options, 'summary'>,
  log: Log,
): Promise<void> {
  const env = { ...environmentForPrograms(process.env), ...noticeVariables(end, summary) };
  const [program] = words;
  const { trouble, complaint } = await runProgram(words, { env, seconds: LIMIT, kept: 0 });
  if (trouble === undefined) {
    log.info('notice.given', `Told ${program} of the failure`);
    return;
  }
  const { message, code } = new NoticeFailedError(program, trouble, oneLine(complaint, LONGEST));
  log.warning('notice.failed', message, { code });
}

function noticeVariables(
  { exitCode, error, concerns }: BadEnd,
  summary: string | undefined,
): Record<string, string> {
  const { code, message } =
    error === undefined
      ? {
          code: '',
          message: concerns[0] ?? 'The Management Center complained of some of what was delivered.',
        }
      : asFailure(error);
  return {
    QC_EXIT_CODE: String(exitCode),
    QC_CODE: code,
    QC_SENTENCE: oneLine(message, LONGEST),
    QC_SUMMARY: summary === undefined ? '' : resolve(summary),
  };
}
