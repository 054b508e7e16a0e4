import type { Option } from '../option.ts';
import { OPTIONS, ORIGINAL } from '../options.ts';
import type { OptionSpec } from './getopt.ts';

export const ORIGINAL_OPTIONS = OPTIONS.filter((option) => option.helpGroupHeading === ORIGINAL);

export const OUR_OPTIONS = OPTIONS.filter((option) => option.helpGroupHeading !== ORIGINAL);

/** For getopt, in the order in which a name is looked up: -h is help, as everywhere, whatever of ours begins so. */
export const OPTION_TABLES = [
  ORIGINAL_OPTIONS.map(specOf),
  OUR_OPTIONS.filter((option) => option.name() === 'help').map(specOf),
  OUR_OPTIONS.filter((option) => option.name() !== 'help' && !option.ours.younger).map(specOf),
  OUR_OPTIONS.filter((option) => option.ours.younger).map(specOf),
] as const;

function specOf(option: Option): OptionSpec {
  const value = option.range === undefined ? 'text' : 'integer';
  const without = option.optional ? 'attached' : 'none';
  return { name: option.name(), value: option.required ? value : without };
}

/** Those that usage, manual page and completion show for this command. */
export function shownOptions(options: readonly Option[], multiple: boolean): Option[] {
  return options.filter((option) => !option.hidden && isTakenBy(option, multiple));
}

/** @param multiple true for process-multiple */
export function isTakenBy({ ours: { only } }: Option, multiple: boolean): boolean {
  return only === undefined || (only === 'process-multiple') === multiple;
}

/** The fewest letters that mean this option, as the usage shows them in brackets. */
export function shortestForm(name: string): string {
  for (let length = 1; length < name.length; length++) {
    const prefix = name.slice(0, length);
    if (meaning(prefix) === name) return prefix;
  }
  return name;
}

function meaning(prefix: string): string | undefined {
  for (const table of OPTION_TABLES) {
    const fits = table.filter((option) => option.name.startsWith(prefix));
    if (fits.length > 0) return fits.length === 1 ? fits[0]?.name : undefined;
  }
  return undefined;
}
