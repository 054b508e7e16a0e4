/** All questions, in their order, up to the plan. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { accountOf, yamlOf } from './account.ts';
import { askCertificates } from './ask-certificate.ts';
import { askLogin } from './ask-login.ts';
import { askServer } from './ask-server.ts';
import { askSource } from './ask-source.ts';
import { type Earlier, readEarlier } from './earlier.ts';
import type { Extra, Schedule } from './extras.ts';
import type { Plan } from './plan.ts';
import type { Questions } from './questions.ts';
import type { YamlValues } from './yaml.ts';

/** Of the command line. */
export interface Given {
  readonly directory: string;
  readonly server: string | undefined;
  readonly port: string | undefined;
  readonly pkcs12: string | undefined;
}

export async function interview(questions: Questions, given: Given): Promise<Plan> {
  const directory = resolve(given.directory);
  const file = `${directory}/InputPlugins/QualysGuard.yaml`;
  questions.say(
    `Everything goes into ${directory}, and nothing is written before the last question. Enter takes what stands in brackets, ? explains, Ctrl-C ends.\n`,
  );
  const earlier = await toldEarlier(questions, file, directory);
  const addresses = await askServer(questions, given, earlier);
  const centers = await askCertificates(questions, directory, given.pkcs12, addresses, earlier);
  questions.say();
  const login = await askLogin(questions, file, earlier?.config);
  questions.say();
  const source = await askSource(
    questions,
    login?.works ? accountOf(login.answers, file) : undefined,
    earlier?.config,
  );
  const adding = centers.length > 0 ? await askAdding(questions, earlier?.config.addHost) : {};
  questions.say();
  const extras = await askExtras(questions, earlier?.run.extras);
  const timed = extras.includes('crontab') || extras.includes('systemd');
  return {
    directory,
    earlier,
    centers,
    yaml: { ...(login && yamlOf(login.answers)), ...source, ...adding },
    qualysSecret: login?.answers.secretSource ?? { kind: 'none' },
    extras,
    schedule: timed ? await askTime(questions, earlier?.run.schedule) : USUAL_TIME,
  };
}

async function toldEarlier(
  questions: Questions,
  file: string,
  directory: string,
): Promise<Earlier | undefined> {
  if (!existsSync(file)) return undefined;
  const earlier = await readEarlier(file, directory);
  if (typeof earlier === 'string') {
    questions.say(
      `${file} is there already, but answers nothing here, and is overwritten only when you say so: ${earlier}\n`,
    );
    return undefined;
  }
  questions.say(
    `${file} is there already. Only what you answer otherwise is changed in it, and only when you say so.\n`,
  );
  return earlier;
}

async function askAdding(questions: Questions, initial = false): Promise<YamlValues> {
  const adds = await questions.yes({
    question: 'Add hosts that the Management Center does not know yet',
    help: 'Without it the Management Center drops the findings of hosts that are not in its network map. Hosts that are added count towards the host limit of its licence and never time out.',
    initial,
  });
  return { addHost: adds ? 'y' : 'n' };
}

const EXTRAS = [
  ['crontab', 'the line for the crontab'],
  ['systemd', 'a systemd unit and timer'],
  ['logrotate', 'a file for logrotate (with cron: systemd has its journal)'],
  ['bash', 'the completion of options for bash'],
  ['zsh', 'the completion of options for zsh'],
] as const satisfies readonly (readonly [Extra, string])[];

async function askExtras(questions: Questions, before: readonly Extra[] = []): Promise<Extra[]> {
  const shell = basename(process.env.SHELL ?? '');
  const completion = EXTRAS.findIndex(([extra]) => extra === shell) + 1;
  const usual = existsSync('/run/systemd/system') ? [2] : [1, 3];
  const written = EXTRAS.flatMap(([extra], index) => (before.includes(extra) ? [index + 1] : []));
  const chosen = await questions.several({
    question: 'Write as well (numbers joined by commas, or none)',
    help: 'Files for every night, with the paths of this machine. They are put into the directory; what to do with them is said at the end. Nothing is installed.',
    choices: EXTRAS.map(([, words]) => words),
    initial: written.length > 0 ? written : [...usual, ...(completion > 0 ? [completion] : [])],
  });
  return EXTRAS.filter((_, index) => chosen.includes(index + 1)).map(([extra]) => extra);
}

const USUAL_TIME: Schedule = { hour: 3, minute: 0 };
const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

async function askTime(questions: Questions, before = USUAL_TIME): Promise<Schedule> {
  const initial = [before.hour, before.minute].map((part) => String(part).padStart(2, '0')).join(':');
  const answer = await questions.text({
    question: 'Every night at',
    help: 'Hours and minutes of this machine, 00:00 to 23:59: after the scans of the day.',
    initial,
    wrong: (typed) => (TIME.test(typed) ? undefined : 'Type it as 03:00.'),
  });
  const [, hour = '3', minute = '0'] = TIME.exec(answer) ?? [];
  return { hour: Number(hour), minute: Number(minute) };
}
