/** What the files for every night, which an earlier -init wrote into the directory, say of the run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTRA_FILES, type Extra, type Schedule } from './extras.ts';

export interface EarlierRun {
  /** The options, each one word, as either file has them, or the other where it is not there; none where none is. */
  readonly crontab: readonly string[];
  readonly systemd: readonly string[];
  readonly schedule: Schedule | undefined;
  readonly extras: readonly Extra[];
}

export function readEarlierRun(directory: string): EarlierRun {
  const text = (name: string): string => textOf(join(directory, name));
  const [, minute, hour, line = ''] =
    /^(\d{1,2}) (\d{1,2}) \* \* \* ([^\n]*)$/m.exec(text(EXTRA_FILES.crontab[0])) ?? [];
  const [, started = ''] = /^ExecStart=([^\n]*)$/m.exec(text(EXTRA_FILES.systemd[0])) ?? [];
  const [, hourOfTimer, minuteOfTimer] =
    /^OnCalendar=\*-\*-\* (\d\d):(\d\d):00$/m.exec(text(EXTRA_FILES.systemd[1])) ?? [];
  const ofCron = optionsIn(line.replaceAll('\\%', '%'));
  const ofUnit = optionsIn(started.replaceAll('%%', '%').replaceAll('$$', () => '$'));
  return {
    crontab: ofCron.length > 0 ? ofCron : ofUnit,
    systemd: ofUnit.length > 0 ? ofUnit : ofCron,
    schedule: scheduleOf(hour, minute) ?? scheduleOf(hourOfTimer, minuteOfTimer),
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

function optionsIn(line: string): string[] {
  return shellWords(line).filter((word) => word.startsWith('-'));
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
