import { Command, Option } from 'commander';
import { Secret } from '../secrets/secret.ts';
import {
  CannotRunOnApplianceError,
  NumberOutOfRangeError,
  TooManyOperandsError,
  WordNotAllowedError,
} from './errors.ts';
import type { OptionValue } from './getopt.ts';
import { DEFAULTS, type OptionEntry } from './option-entry.ts';
import { ALL_OPTIONS } from './option-table.ts';
import type { Options } from '../options.ts';

/** Seconds: a longer timer would fire at once (Node counts milliseconds in 31 bits). */
const LONGEST_WAIT = 2_147_483;

/** Lowest and highest value of each number. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  port: [1, 65_535],
  level: [0, 3],
  retries: [0, 1_000_000],
  connecttimeout: [1, LONGEST_WAIT],
  handshaketimeout: [1, LONGEST_WAIT],
  replytimeout: [1, LONGEST_WAIT],
  wait: [0, LONGEST_WAIT],
};

/** Those that a run can have; the others ask for something else than a run. */
const RUN_OPTIONS = ALL_OPTIONS.filter(
  ({ name }) => !['init', 'completion', 'help', 'version'].includes(name),
);

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  ...Object.fromEntries(
    Object.entries(RANGES).map(([name, range]) => [name, (text: string) => readNumber(name, text, range)]),
  ),
  password: (text) => new Secret(text),
  logformat: (text) => oneOf('logformat', text, ['text', 'json']),
  runondc: refuseAppliance,
};

/**
 * Checks the options' values and fills in defaults; the certificate file's password may also come from the
 * environment. Takes options by their full names, as getopt gives them, and at most one operand, the plugin.
 * Throws a ConnectorError for a value that is not allowed.
 */
export function parseOptions(given: ReadonlyMap<string, OptionValue>, operands: readonly string[]): Options {
  if (operands[1] !== undefined) throw new TooManyOperandsError(operands[1]);
  const command = new Command().exitOverride().helpOption(false).argument('[plugin]', '', DEFAULTS.plugin);
  for (const entry of RUN_OPTIONS) command.addOption(commanderOption(entry));
  command.parse([...longOptions(given), '--', ...operands], { from: 'user' });
  const options = command.opts<Options>();
  const plugin = command.processedArgs[0] as string;
  // What was said on the command line outweighs the environment.
  const passwordIsOutdone =
    command.getOptionValueSource('password') === 'env' && options.passwordfile !== undefined;
  return { ...options, plugin, password: passwordIsOutdone ? undefined : options.password };
}

function commanderOption({ name, value, placeholder, help }: OptionEntry): Option {
  if (value === 'none') return new Option(`--${name}`, help).default(false);
  // Commander reads the value's name from the first <...>.
  const option = new Option(`--${name} ${placeholder.replace(/>.*/, '>')}`, help);
  if (name in DEFAULTS) option.default(DEFAULTS[name as keyof typeof DEFAULTS]);
  if (name === 'password') option.env('PKCS12_PASSWORD');
  const reader = READERS[name];
  return reader === undefined ? option : option.argParser(reader);
}

/** `--name=value`, which commander reads without guessing. */
function longOptions(given: ReadonlyMap<string, OptionValue>): string[] {
  return [...given].map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
}

function readNumber(name: string, text: string, [lowest, highest]: readonly [number, number]): number {
  const number = Number(text);
  if (number >= lowest && number <= highest) return number;
  throw new NumberOutOfRangeError(name, text, lowest, highest);
}

function oneOf(name: string, text: string, allowed: readonly string[]): string {
  const word = text.toLowerCase();
  if (allowed.includes(word)) return word;
  throw new WordNotAllowedError(name, text, allowed);
}

function refuseAppliance(text: string): string {
  const answer = oneOf('runondc', text, ['y', 'n']);
  if (answer === 'y') throw new CannotRunOnApplianceError();
  return answer;
}
