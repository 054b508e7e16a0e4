/** -init: asks at a terminal, and takes everything from the options where there is none. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readQualysConfig } from '../config/read-qualys-config.ts';
import { ConnectorError } from '../connector-error.ts';
import { withTerminal } from '../terminal/terminal.ts';
import { differsByAnswers } from './earlier-run.ts';
import { QuestionsEndedError, QuestionsInterruptedError } from './errors.ts';
import { nextSteps, type PlannedFile, plannedFiles } from './files.ts';
import { type Given, interview } from './interview.ts';
import { runWords } from './plan.ts';
import { Questions } from './questions.ts';
import { makeWorkingDirectory } from './working-directory.ts';
import { writeFiles } from './write-files.ts';

type Completion = (shell: 'bash' | 'zsh') => string;

export interface Initiated {
  /** To be printed. */
  readonly text: string;
  /** The words of a run of -test that is wanted next. */
  readonly test: readonly string[] | undefined;
}

/**
 * @param completion the script for a shell
 * @throws ConnectorError
 */
export async function init(given: Given, completion: Completion): Promise<Initiated> {
  return process.stdin.isTTY && process.stdout.isTTY
    ? converse(given, completion, process.stdin, process.stdout)
    : { text: await makeWorkingDirectory(given), test: undefined };
}

/** The conversation with whoever types there. @throws ConnectorError */
export async function converse(
  given: Given,
  completion: Completion,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<Initiated> {
  const unanswered = {
    interrupted: () => new QuestionsInterruptedError(),
    ended: () => new QuestionsEndedError(),
  };
  return withTerminal(unanswered, input, output, (terminal) =>
    askAndWrite(new Questions(terminal), given, completion),
  );
}

async function askAndWrite(questions: Questions, given: Given, completion: Completion): Promise<Initiated> {
  const plan = await interview(questions, given);
  const planned = plannedFiles(plan, completion);
  if (plan.earlier) await tellFaults(questions, planned);
  const files = await accepted(questions, planned, plan.earlier !== undefined);
  await writeFiles(files);
  const done = files.length > 0 ? 'Written.' : 'Nothing was written: all is left as it is.';
  questions.show(`\n${done}\n\n${nextSteps(plan)}\n`);
  const [, ...words] = runWords(plan);
  const complete = plan.yaml.templateId !== undefined || plan.yaml.source === 'detection';
  const test = await questions
    .yes({
      question: 'Test it now (nothing is imported)',
      help: 'Checks the configuration, the certificate file, the Management Center and Qualys, step by step, as -test does.',
      initial: complete,
    })
    // All is written: who ends here wants no test.
    .catch(() => false);
  return { text: '', test: test ? [...words, '-test'] : undefined };
}

/** What the answers make wrong in a YAML that was right, such as keys of the other source. */
async function tellFaults(questions: Questions, [yaml]: readonly PlannedFile[]): Promise<void> {
  if (yaml?.text === undefined) return;
  const told = (error: unknown): void => {
    if (!(error instanceof ConnectorError)) throw error;
    questions.say(`\nThe YAML will need a change by hand: ${error.message}`);
  };
  await readQualysConfig(yaml.path, [], yaml.text).catch(told);
}

/**
 * The files that are to be written, after they were shown, and each that is there already was asked for.
 * @param wereProposed whether the answers were given knowing what is there
 */
async function accepted(
  questions: Questions,
  all: readonly PlannedFile[],
  wereProposed: boolean,
): Promise<PlannedFile[]> {
  const files = all.filter((file) => !isThere(file));
  if (files.length === 0) return [];
  questions.say('\nThis will be written:');
  for (const { path, what } of files) {
    questions.show(`  ${path}  ${what}${existsSync(path) ? ' (there already)' : ''}`);
  }
  const wanted = await questions.yes({
    question: 'Write it',
    help: 'n ends without having written anything.',
    initial: true,
  });
  if (!wanted) throw new QuestionsInterruptedError();
  const chosen: PlannedFile[] = [];
  for (const file of files) {
    const isFree =
      !existsSync(file.path) ||
      (await questions.yes({
        question: `${file.path} is there already: ${file.keeps ? 'write the changes into' : 'overwrite'} it`,
        help: 'n leaves it as it is; the other files are written all the same.',
        initial: wereProposed && (!file.isExtra || differsByAnswers(file.path, String(file.content))),
      }));
    if (isFree) chosen.push(file);
  }
  return chosen;
}

/** With the same content, and open to nobody else. */
function isThere({ path, content, mode }: PlannedFile): boolean {
  try {
    const status = statSync(path);
    const isOpen = (status.mode & 0o777 & ~mode) !== 0;
    return status.isFile() && !isOpen && readFileSync(path).equals(Buffer.from(content));
  } catch {
    // What cannot be read is asked for, and told when it cannot be written either.
    return false;
  }
}
