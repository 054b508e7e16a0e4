import { scanWords } from './getopt.ts';
import { OPTIONS } from '../options.ts';
import { OPTION_TABLES } from './option-table.ts';

const SECRETS = OPTIONS.filter(({ isSecret }) => isSecret).map((option) => option.name());

/**
 * Takes a password on the command line out of the process list (`ps`, /proc/PID/cmdline) and out of
 * `process.argv`, where a diagnostic report would find it. Call it first of all: what starts before it shows
 * the words as they were given. Returns the words after the program's name, as given.
 *
 * Setting `process.title` makes libuv write over the whole memory in which the system keeps the arguments:
 * the title is cut to its size, the rest is filled with zeros. macOS's `ps` reads the same memory.
 */
export function hideArguments(current: NodeJS.Process = process): readonly string[] {
  const given = current.argv.slice(2);
  const shown = redacted(given);
  if (shown.some((word, at) => word !== given[at])) {
    current.argv.splice(2, Infinity, ...shown);
    current.title = [current.argv0, ...current.execArgv, ...current.argv.slice(1)].join(' ');
  }
  return given;
}

/** The same words with `***` for each password, however its option is written. */
export function redacted(words: readonly string[]): string[] {
  const shown = [...words];
  for (const word of scanWords(words, OPTION_TABLES)) {
    if (word.kind !== 'option' || !SECRETS.includes(word.name)) continue;
    const { word: at, from } = word.place;
    shown[at] = `${(words[at] ?? '').slice(0, from)}***`;
    // `-password = X`, which is refused: X is the password.
    if (words[at] === '=' && at + 1 < words.length) shown[at + 1] = '***';
  }
  return shown;
}
