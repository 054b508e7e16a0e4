import { completionScript } from './completion.ts';
import {
  BlankBetweenTemplateIdsError,
  EmptyValueError,
  OptionOfProcessMultipleError,
  ServerMissingError,
  TemplateIdsMissingError,
  TemplateIdsTwiceError,
  UnreadableArgumentsError,
  WordNotAllowedError,
} from './errors.ts';
import { refuseContradictions } from './contradictions.ts';
import { getopt, type OptionValue } from './getopt.ts';
import { ALL_OPTIONS, OPTION_TABLES } from './option-table.ts';
import type { Options } from '../options.ts';
import { parseOptions } from './parse-options.ts';
import { type PluginDescription, type Program, usageText, versionLine } from './usage.ts';

export type CommandLine =
  /** Do the work. `given`: the full names of the options that stood on the command line. */
  | { readonly kind: 'run'; readonly options: Options; readonly given: ReadonlySet<string> }
  /** Print and end. */
  | {
      readonly kind: 'print';
      readonly text: string;
      readonly stream: 'stdout' | 'stderr';
      readonly exitCode: 0 | 1;
    }
  /** Make a working directory. */
  | { readonly kind: 'init'; readonly directory: string };

type Given = ReadonlyMap<string, OptionValue>;

/**
 * Reads the words after the program's name. `plugins` are those that the usage lists.
 * Throws a ConnectorError with exit code 1 for what cannot be meant.
 */
export function readCommandLine(
  argv: readonly string[],
  program: Program,
  plugins: readonly PluginDescription[],
): CommandLine {
  const { options: given, operands, messages } = getopt(argv, OPTION_TABLES);
  if (messages.length > 0) throw new UnreadableArgumentsError(messages, program.name);
  refuseEmptyValues(given);
  return request(given, program, plugins) ?? run(given, operands, program, plugins);
}

/** What is asked for in place of a run. */
function request(
  given: Given,
  program: Program,
  plugins: readonly PluginDescription[],
): CommandLine | undefined {
  if (given.has('help')) return printed(usageText(program, plugins));
  if (given.has('version')) return printed(`${versionLine(program)}\n`);
  const shell = given.get('completion');
  if (shell !== undefined) return printed(completionFor(String(shell)));
  const directory = given.get('init');
  if (directory !== undefined) return { kind: 'init', directory: String(directory) };
  return undefined;
}

function run(
  given: Given,
  operands: readonly string[],
  program: Program,
  plugins: readonly PluginDescription[],
): CommandLine {
  const missing = (error: Error): CommandLine => ({
    kind: 'print',
    text: `${error.message}\n${usageText(program, plugins)}`,
    stream: 'stderr',
    exitCode: 1,
  });
  if (!program.multiple) refuseMultipleOnly(given);
  const { multiinfo, rest } = program.multiple
    ? takeTemplateIds(given, operands)
    : { multiinfo: undefined, rest: operands };
  const options = { ...parseOptions(given, rest), multiinfo };
  refuseContradictions(options, program);
  if (program.multiple && multiinfo === undefined) return missing(new TemplateIdsMissingError(program.name));
  if (options.server === undefined && options.csvfile === undefined) return missing(new ServerMissingError());
  return { kind: 'run', options, given: new Set(given.keys()) };
}

function printed(text: string): CommandLine {
  return { kind: 'print', text, stream: 'stdout', exitCode: 0 };
}

function completionFor(shell: string): string {
  if (shell !== 'bash' && shell !== 'zsh') {
    throw new WordNotAllowedError('completion', shell, ['bash', 'zsh']);
  }
  return completionScript(shell);
}

/** An empty word says nothing, but for a password: that may be empty. */
function refuseEmptyValues(given: Given): void {
  for (const [name, value] of given) {
    if (value === '' && name !== 'password') throw new EmptyValueError(name);
  }
}

function refuseMultipleOnly(given: Given): void {
  for (const { name, multipleOnly } of ALL_OPTIONS) {
    if (multipleOnly === true && given.has(name)) throw new OptionOfProcessMultipleError(name);
  }
}

/** The ids are the first bare word, or -multiinfo; what else is bare names the plugin. */
function takeTemplateIds(
  given: Given,
  operands: readonly string[],
): { multiinfo: string | undefined; rest: readonly string[] } {
  const byOption = given.get('multiinfo');
  const [first, ...others] = operands;
  if (byOption !== undefined && first !== undefined && looksLikeIds(first)) throw new TemplateIdsTwiceError();
  const rest = byOption === undefined ? others : operands;
  const stray = rest.find(looksLikeIds);
  if (stray !== undefined) throw new BlankBetweenTemplateIdsError(stray);
  return { multiinfo: byOption === undefined ? first : String(byOption), rest };
}

function looksLikeIds(word: string): boolean {
  return /^[\d,\s]+$/.test(word);
}
