import { OPTIONS, type Options } from '../options.ts';
import { completionScript } from './completion.ts';
import {
  BlankBetweenTemplateIdsError,
  ChangedWithoutStateError,
  EmptyValueError,
  OptionOfOtherCommandError,
  ServerMissingError,
  StateOfNoServerError,
  StatesOfSeveralServersError,
  TemplateIdsMissingError,
  TemplateIdsTwiceError,
  TooManyOperandsError,
  UnknownPluginError,
  UnreadableArgumentsError,
} from './errors.ts';
import { ConnectorError } from '../connector-error.ts';
import { FingerprintOfSeveralError } from '../management-center/connection/errors.ts';
import { isList } from '../management-center/connection/server-list.ts';
import { getopt, type OptionValue } from './getopt.ts';
import { isTakenBy, OPTION_TABLES } from './option-table.ts';
import { type Given, nearestOptions, readOptions, readValues } from './read-options.ts';
import { type PluginDescription, type Program, usageText, versionLine } from './usage.ts';

const DEFAULT_PLUGIN = 'QualysGuard';

export type CommandLine<Plugin = PluginDescription> =
  /** Do the work. */
  | { readonly kind: 'run'; readonly options: Options; readonly plugin: Plugin }
  /** Print and end. */
  | {
      readonly kind: 'print';
      readonly text: string;
      readonly stream: 'stdout' | 'stderr';
      readonly exitCode: 0 | 1;
      /** What is to be done instead where the plugin's configuration lists Management Centers. */
      readonly unlessListed?: { readonly options: Options; readonly plugin: Plugin };
    }
  /** Tell what is wrong, without the network; do nothing. */
  | {
      readonly kind: 'check';
      /** What is wrong with the words; the options are those of the others. */
      readonly faults: readonly ConnectorError[];
      readonly options: Options;
      readonly plugin: Plugin | undefined;
    }
  /** Print what is said of a code, or of an option or key. */
  | { readonly kind: 'explain'; readonly about: 'code' | 'name'; readonly word: string }
  /** Print the schema of the YAML. */
  | { readonly kind: 'schema' }
  /** Make a working directory. */
  | {
      readonly kind: 'init';
      readonly directory: string;
      /** As given, for the lines that are printed. */
      readonly server: string | undefined;
      readonly port: string | undefined;
      readonly pkcs12: string | undefined;
    };

/** What the words are read with: the command as it was called, and the plugins that there are. */
interface Surroundings<Plugin> {
  readonly program: Program;
  readonly plugins: readonly Plugin[];
}

/**
 * Reads the words after the program's name.
 * @throws ConnectorError for what cannot be meant
 */
export function readCommandLine<Plugin extends PluginDescription>(
  argv: readonly string[],
  program: Program,
  plugins: readonly Plugin[],
): CommandLine<Plugin> {
  const { options: given, operands, messages } = getopt(argv, OPTION_TABLES);
  const unreadable =
    messages.length > 0 ? new UnreadableArgumentsError(messages.map(explained), program.name) : undefined;
  if (given.has('check') && !given.has('help')) {
    return check(given, operands, { program, plugins }, unreadable);
  }
  if (unreadable) throw unreadable;
  refuseEmptyValues(given);
  return request(given, { program, plugins }) ?? run(given, operands, { program, plugins });
}

/** Getopt::Long's complaint, and behind it what may have been meant. */
function explained(message: string): string {
  const [, unknown] = /^Unknown option: (.*)$/s.exec(message) ?? [];
  const nearest = unknown === undefined ? [] : nearestOptions(unknown);
  const meant = nearest.map((name) => `-${name}`).join(' or ');
  if (meant !== '') return `${message} (the nearest is ${meant})`;
  const [, lacking] = /^Option (.*) requires an argument$/s.exec(message) ?? [];
  const words = OPTIONS.find((option) => option.name() === lacking)?.argChoices;
  return words ? `${message}: ${words.join(' or ')}` : message;
}

/** What is asked for in place of a run. */
function request<Plugin extends PluginDescription>(
  given: Given,
  { program, plugins }: Surroundings<Plugin>,
): CommandLine<Plugin> | undefined {
  const name = given.get('help');
  if (typeof name === 'string') return { kind: 'explain', about: 'name', word: name };
  if (given.has('help')) return printed(usageText(program, plugins));
  if (given.has('version')) return printed(`${versionLine(program)}\n`);
  const shell = given.get('completion');
  if (shell !== undefined) {
    const { completion = 'bash' } = readValues(new Map([['completion', shell]]));
    return printed(completionScript(completion, plugins));
  }
  const code = given.get('explain');
  if (code !== undefined) return { kind: 'explain', about: 'code', word: String(code) };
  if (given.has('schema')) return { kind: 'schema' };
  if (!given.has('init')) return undefined;
  const [directory = '', server, port, pkcs12] = ['init', 'server', 'port', 'pkcs12'].map((name) =>
    given.get(name)?.toString(),
  );
  return { kind: 'init', directory, server, port, pkcs12 };
}

function run<Plugin extends PluginDescription>(
  given: Given,
  operands: readonly string[],
  { program, plugins }: Surroundings<Plugin>,
): CommandLine<Plugin> {
  const missing = (error: Error): Extract<CommandLine<Plugin>, { kind: 'print' }> => ({
    kind: 'print',
    text: `${usageText(program, plugins)}\n${error.message}\n`,
    stream: 'stderr',
    exitCode: 1,
  });
  refuseOthersOptions(given, program.multiple);
  const { multiinfo, rest } = program.multiple ? takeTemplateIds(given, operands) : { rest: operands };
  const [name = DEFAULT_PLUGIN, extra] = rest;
  if (extra !== undefined) throw new TooManyOperandsError(shown(extra, given));
  const options = { ...readOptions(given, name), multiinfo };
  if (program.multiple && multiinfo === undefined) return missing(new TemplateIdsMissingError(program.name));
  const [lack] = lacking(options);
  if (lack) throw lack;
  const plugin = plugins.find((known) => known.name.toLowerCase() === name.toLowerCase());
  const { server, csvfile, test, list } = options;
  if (server === undefined && csvfile === undefined && list === undefined && !test) {
    const line = missing(new ServerMissingError());
    return plugin ? { ...line, unlessListed: { options, plugin } } : line;
  }
  if (!plugin) throw new UnknownPluginError(shown(name, given), plugins);
  return { kind: 'run', options, plugin };
}

/** What options need beside them and do not have. */
function lacking({ server, csvfile, state, changed, fingerprint }: Options): ConnectorError[] {
  const several = isList(server);
  return [
    ...(several && fingerprint !== undefined ? [new FingerprintOfSeveralError()] : []),
    ...(several && state !== undefined && csvfile !== undefined ? [new StatesOfSeveralServersError()] : []),
    ...(changed && state === undefined ? [new ChangedWithoutStateError()] : []),
    ...(state !== undefined && csvfile !== undefined && server === undefined
      ? [new StateOfNoServerError()]
      : []),
  ];
}

/** -check: each word by itself, then with each other, so that all that is wrong is found at once. */
function check<Plugin extends PluginDescription>(
  given: Given,
  operands: readonly string[],
  { program, plugins }: Surroundings<Plugin>,
  unreadable: ConnectorError | undefined,
): CommandLine<Plugin> {
  const faults = unreadable ? [unreadable] : [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      faults.push(error);
      return undefined;
    }
  };
  const sound: [string, OptionValue][] = [];
  const fits = (...options: readonly (readonly [string, OptionValue])[]): boolean =>
    attempt(() => {
      const some = new Map(options);
      refuseEmptyValues(some);
      refuseOthersOptions(some, program.multiple);
      return readOptions(some, DEFAULT_PLUGIN);
    }) !== undefined;
  for (const option of given) {
    if (fits(option) && sound.every((other) => fits(other, option))) sound.push(option);
  }
  const rest = new Map(sound);
  const ids = program.multiple
    ? attempt(() => takeTemplateIds(rest, operands))
    : { multiinfo: undefined, rest: operands };
  const multiinfo = ids?.multiinfo;
  const [name = DEFAULT_PLUGIN, extra] = ids?.rest ?? [];
  if (ids && program.multiple && multiinfo === undefined) {
    faults.push(new TemplateIdsMissingError(program.name));
  }
  if (extra !== undefined) faults.push(new TooManyOperandsError(shown(extra, given)));
  const plugin = plugins.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (!plugin) faults.push(new UnknownPluginError(shown(name, given), plugins));
  const options = { ...readOptions(rest, name), multiinfo };
  faults.push(...lacking(options));
  return { kind: 'check', faults, options, plugin };
}

function printed(text: string): { kind: 'print'; text: string; stream: 'stdout'; exitCode: 0 } {
  return { kind: 'print', text, stream: 'stdout', exitCode: 0 };
}

/**
 * An empty word says nothing, but for a password: that may be empty. A bare `=` stands between an option and its value,
 * which would be taken for the plugin's name.
 */
function refuseEmptyValues(given: Given): void {
  for (const option of OPTIONS) {
    const value = given.get(option.name());
    if (value === '=' || (value === '' && !option.isSecret)) throw new EmptyValueError(option.name(), value);
  }
}

/** A word in the wrong place, as it may be shown: not next to a password, of which it may be a part. */
function shown(word: string, given: Given): string {
  return OPTIONS.some((option) => option.isSecret && given.has(option.name())) ? '***' : word;
}

function refuseOthersOptions(given: Given, multiple: boolean): void {
  for (const option of OPTIONS) {
    if (given.has(option.name()) && !isTakenBy(option, multiple)) {
      throw new OptionOfOtherCommandError(option.name(), option.ours.only ?? '');
    }
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
  if (stray !== undefined) throw new BlankBetweenTemplateIdsError(shown(stray, given));
  return { multiinfo: byOption === undefined ? first : String(byOption), rest };
}

function looksLikeIds(word: string): boolean {
  return /^[\d,\s]+$/.test(word);
}
