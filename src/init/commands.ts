/** The lines that run the command, in a crontab, a unit or by hand, with paths that work from anywhere. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { shellWord } from '../text/shell-word.ts';

/** Both commands, under each pair of names that lie side by side. */
const COMMAND_PAIRS: readonly (readonly [string, string])[] = [
  ['qualys_connector', 'process_multiple'],
  ['qualys-connector', 'process-multiple'],
  ['qualys_connector.pl', 'process_multiple.pl'],
  ['qualys_connector.js', 'process-multiple.js'],
];

/** The paths of both commands, of which one was called. */
export function commandPaths(): readonly [single: string, multiple: string] {
  const called = calledPath(process.argv[1] ?? 'qualys_connector');
  const name = basename(called);
  const [single, multiple] = COMMAND_PAIRS.find((pair) => pair.includes(name)) ?? [name, 'process_multiple'];
  return [join(dirname(called), single), join(dirname(called), multiple)];
}

/**
 * A path that stays. What lies in npx's cache is a link that somebody removes one day: there the file behind it, which is
 * in the clone.
 * @param called as it was called
 */
function calledPath(called: string): string {
  const path = resolve(called);
  return path.includes('/_npx/') ? realpathSync(path) : path;
}

/** Words as a shell is given them, of an option only the value in quotes. */
export function shellCommand(words: readonly string[]): string {
  return words
    .map((word) => {
      const [, name = '', value = word] = /^(-\w+=)(.*)$/s.exec(word) ?? [];
      return `${name}${shellWord(value)}`;
    })
    .join(' ');
}

/** @param words the command and its options, each one word */
export function crontabLine(words: readonly string[], hour = 3, minute = 0): string {
  // In a crontab a bare % ends the command.
  return `${minute} ${hour} * * * ${shellCommand(words).replaceAll('%', '\\%')}`;
}

export function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`-${name}=${value}`];
}

/** Log, state and page in the working directory. */
export function nightlyOptions(directory: string, hasServer: boolean): string[] {
  const state = hasServer ? [...option('state', join(directory, 'state')), '-changed'] : [];
  return [
    ...option('logfile', join(directory, 'connector.log')),
    ...state,
    ...option('page', join(directory, 'last-night.html')),
  ];
}
