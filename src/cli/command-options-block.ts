import { OPTIONS, type Options } from '../options.ts';

/**
 * The lines of the `Command Options:` block that starts a run at level 3: every option that has a value, given
 * or by default, one `- name: value` a line. Secrets show as `***`.
 */
export function commandOptionsBlock(options: Options): string[] {
  const values: Readonly<Record<string, unknown>> = { ...options };
  const lines = OPTIONS.map((option) => option.name())
    .filter((name) => isSet(values[name]))
    .map((name) => `- ${name}: ${shown(values[name])}`);
  return ['Command Options:', `- plugin: ${options.plugin}`, ...lines];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function shown(value: unknown): string {
  return value === true ? 'yes' : String(value);
}
