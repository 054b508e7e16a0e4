/** What the files for every night, which an earlier -init wrote into the directory, say of the run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanWords } from '../cli/getopt.ts';
import { OPTION_TABLES } from '../cli/option-table.ts';
import { EXTRA_FILES, type Extra, type Schedule } from './extras.ts';

export interface EarlierRun {
  /** The options, each one word with its full name, as either file has them, or the other where it is not there; none where none is. */
  readonly crontab: readonly string[];
  readonly systemd: readonly string[];
  readonly schedule: Schedule | undefined;
  readonly extras: readonly Extra[];
}

export function readEarlierRun(directory: string): EarlierRun {
  const text = (name: string): string => textOf(join(directory, name));
  const { line, ...at } = crontabLineIn(text(EXTRA_FILES.crontab[0]));
  const [, started = ''] = /^ExecStart=([^\n]*)$/m.exec(text(EXTRA_FILES.systemd[0])) ?? [];
  const [, hourOfTimer, minuteOfTimer] =
    /^OnCalendar=\*-\*-\* (\d\d):(\d\d):00$/m.exec(text(EXTRA_FILES.systemd[1])) ?? [];
  const ofCron = optionsIn(shellWords(commandIn(line.replaceAll('\\%', '%'))));
  const ofUnit = optionsIn(shellWords(started.replaceAll('%%', '%').replaceAll('$$', () => '$')));
  return {
    crontab: ofCron.length > 0 ? ofCron : ofUnit,
    systemd: ofUnit.length > 0 ? ofUnit : ofCron,
    schedule: scheduleOf(at.hour, at.minute) ?? scheduleOf(hourOfTimer, minuteOfTimer),
    extras: (Object.keys(EXTRA_FILES) as Extra[]).filter((extra) =>
      EXTRA_FILES[extra].some((name) => existsSync(join(directory, name))),
    ),
  };
}

/** @returns '' for what cannot be read: there is nothing to propose then */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function scheduleOf(hour: string | undefined, minute: string | undefined): Schedule | undefined {
  if (hour === undefined || minute === undefined) return undefined;
  const schedule = { hour: Number(hour), minute: Number(minute) };
  return schedule.hour < 24 && schedule.minute < 60 ? schedule : undefined;
}

const CONNECTOR = /qualys.connector|process.multiple/;

/** The first line that runs the connector, on whichever days. */
function crontabLineIn(text: string) {
  const lines = [...text.matchAll(/^[ \t]*([\d*][^\s=]*)[ \t]+(\S+)(?:[ \t]+\S+){3}[ \t]+([^\n]*)$/gm)];
  const [, minute, hour, line = ''] = lines.find(([found]) => CONNECTOR.test(found)) ?? lines[0] ?? [];
  return { minute, hour, line };
}

/** Of the commands that a shell's operators part, the connector's own. */
function commandIn(line: string): string {
  const commands = line.match(/(?:[^"'\\;|&<>]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? [];
  return commands.find((command) => CONNECTOR.test(command)) ?? commands[0] ?? '';
}

/** In each spelling that the command takes. */
function optionsIn(words: readonly string[]): string[] {
  return [...scanWords(words, OPTION_TABLES)].flatMap((word) => {
    if (word.kind !== 'option') return [];
    return word.value === true ? `-${word.name}` : `-${word.name}=${word.value}`;
  });
}

/** The words of a line in a shell's or systemd's quotes. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? [];
  return words.map((word) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (_, escaped?: string, twice?: string, once?: string) =>
        escaped ?? twice?.replace(/\\(.)/gs, '$1') ?? once ?? '',
    ),
  );
}

/** What `-name=` says, the last time that it stands there. */
export function valueIn(words: readonly string[], name: string): string | undefined {
  return words.findLast((word) => word.startsWith(`-${name}=`))?.slice(name.length + 2);
}

/** Of paths those that no shell changes. */
const ANSWERS =
  / -(?:(?:server|port)=|(?:pkcs12|passwordfile|csvfile)=(?=["']?\/))(?:[^\s"'\\$`;|&<>]|\$\$|\\.|"(?:[^"\\$`]|\$\$|\\.)*"|'[^']*')*(?=\s)/g;

/** Whether nothing but what was answered is different in a file that is there: nobody has changed it by hand. */
export function differsByAnswers(path: string, content: string): boolean {
  const skeleton = (text: string): string =>
    text.replace(ANSWERS, '').replace(/^\d+ \d+ |^OnCalendar=\*-\*-\* \d\d:\d\d:00$/gm, '');
  return skeleton(textOf(path)) === skeleton(content);
}
