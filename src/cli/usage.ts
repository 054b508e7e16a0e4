import type { InputPlugin } from '../input-plugin.ts';
import { VERSION } from '../version.ts';
import { shortestForm } from './option-table.ts';
import { ORIGINAL_OPTIONS } from './original-options.ts';
import { OUR_OPTIONS } from './our-options.ts';
import type { OptionEntry } from './option-entry.ts';

/** What the usage and the manual page tell of a plugin. */
export type PluginDescription = Pick<InputPlugin, 'name' | 'description' | 'info' | 'parameters'>;

/** A command, as it was called. */
export interface Program {
  /** The name it was called by. */
  readonly name: string;
  /** True for process-multiple. */
  readonly multiple: boolean;
}

/** Where the Perl connector's notes begin, counted from the tab. */
const NOTE_COLUMN = 36;

/** Version and usage in the form of the Perl connector, then the options that it lacks. Ends in LF. */
export function usageText(program: Program, plugins: readonly PluginDescription[]): string {
  const words = program.multiple ? '<id,id,...> [options] <plugin>' : '[options] <plugin>';
  return [
    '',
    versionLine(program),
    '',
    `usage: ${program.name} ${words}`,
    'Options:',
    ...optionLines(ORIGINAL_OPTIONS),
    '',
    'More options (not in the Perl connector):',
    ...optionLines(OUR_OPTIONS),
    '',
    'Supported Plugins:',
    ...[...plugins].sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(pluginLines),
    '',
  ].join('\n');
}

export function versionLine(program: Program): string {
  return `${program.name} Ver. ${VERSION}`;
}

function optionLines(options: readonly OptionEntry[]): string[] {
  return options.filter((option) => option.hidden !== true).map(optionLine);
}

function optionLine({ name, placeholder, note }: OptionEntry): string {
  const short = shortestForm(name);
  const value = placeholder === '' ? '' : `=${placeholder}`;
  const form = `[-${short}]${name.slice(short.length)}${value}`;
  return `\t${note === '' ? form : `${form.padEnd(NOTE_COLUMN)}${note}`}`;
}

function pluginLines(plugin: PluginDescription): string[] {
  const parameters = plugin.parameters.map(({ key, text }) => `\t\t[${key}]: ${text}`);
  return [
    `    ${plugin.name}:\t${plugin.description}`,
    `\t- Info:\t${plugin.info}`,
    ...(parameters.length > 0 ? ['\t- Parameters:', ...parameters] : []),
  ];
}
