import type { InputPlugin } from '../input-plugin.ts';
import { VERSION } from '../version.ts';
import { ORIGINAL, OURS } from '../options.ts';
import type { Option } from '../option.ts';
import { isTakenBy, ORIGINAL_OPTIONS, OUR_OPTIONS, shortestForm } from './option-table.ts';

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
  const words = program.multiple ? '<id,id,...> [options] [plugin]' : '[options] [plugin]';
  return [
    '',
    versionLine(program),
    '',
    `usage: ${program.name} ${words}`,
    ORIGINAL,
    ...optionLines(ORIGINAL_OPTIONS, program),
    '',
    OURS,
    ...optionLines(OUR_OPTIONS, program),
    '',
    'Supported Plugins:',
    ...[...plugins].sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(pluginLines),
    '',
  ].join('\n');
}

export function versionLine(program: Program): string {
  return `${program.name} Ver. ${VERSION}`;
}

/** As the original's, that of qualys_connector has a note beside what only process-multiple takes. */
function optionLines(options: readonly Option[], { multiple }: Program): string[] {
  return options.filter((option) => !option.hidden && (!multiple || isTakenBy(option, true))).map(optionLine);
}

function optionLine(option: Option): string {
  const name = option.name();
  const short = shortestForm(name);
  const value = [option.placeholder, option.ours.meanings ?? ''].join(' ').trim();
  const form = `[-${short}]${name.slice(short.length)}${value === '' ? '' : `=${value}`}`;
  return `\t${option.note === '' ? form : `${form.padEnd(NOTE_COLUMN)}${option.note}`}`;
}

function pluginLines(plugin: PluginDescription): string[] {
  const parameters = plugin.parameters.map(({ key, text }) => `\t\t[${key}]: ${text}`);
  return [
    `    ${plugin.name}:\t${plugin.description}`,
    `\t- Info:\t${plugin.info}`,
    ...(parameters.length > 0 ? ['\t- Parameters:', ...parameters] : []),
  ];
}
