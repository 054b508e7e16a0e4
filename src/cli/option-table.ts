import type { OptionEntry } from './option-entry.ts';
import { ORIGINAL_OPTIONS } from './original-options.ts';
import { OUR_OPTIONS } from './our-options.ts';

/** In the order in which a name is looked up. */
export const OPTION_TABLES = [ORIGINAL_OPTIONS, OUR_OPTIONS] as const;

export const ALL_OPTIONS: readonly OptionEntry[] = [...ORIGINAL_OPTIONS, ...OUR_OPTIONS];

/** The fewest letters that mean this option, as the usage shows them in brackets. */
export function shortestForm(name: string): string {
  for (let length = 1; length < name.length; length += 1) {
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
