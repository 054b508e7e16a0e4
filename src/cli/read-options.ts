import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { parseServers } from '../management-center/connection/server-list.ts';
import { command, OPTIONS, type Options, type Values } from '../options.ts';
import {
  CannotRunOnApplianceError,
  ContradictoryOptionsError,
  NumberOutOfRangeError,
  WordNotAllowedError,
} from './errors.ts';
import type { OptionValue } from './getopt.ts';

/** What getopt found, by full names. */
export type Given = ReadonlyMap<string, OptionValue>;

/**
 * The values of the options as the program has them, with defaults and what the environment says.
 * @throws ConnectorError for a value that is not allowed
 */
export function readValues(given: Given): Values {
  try {
    command.parse(longOptions(given), { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? translated(error, given) : error;
  }
  return { ...command.opts() };
}

/** The options that are spelled most like a name that none has, as commander finds them; mostly one or none. */
export function nearestOptions(name: string): string[] {
  try {
    command.parse([`--${name}`], { from: 'user' });
    return [];
  } catch (error) {
    const meant =
      error instanceof CommanderError ? /\(Did you mean (?:one of )?(.*)\?\)/.exec(error.message) : null;
    return [...(meant?.[1] ?? '').matchAll(/--(\w+)/g)].map(([, found = '']) => found);
  }
}

/** `--name=value`, which commander reads without guessing. */
function longOptions(given: Given): string[] {
  return [...given].map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
}

/** Commander's complaint in our words. It names the option and nothing else for a program to read. */
function translated(error: CommanderError, given: Given): Error {
  const name = /--(\w+)/.exec(error.message)?.[1] ?? '';
  const option = OPTIONS.find((known) => known.name() === name);
  const value = String(given.get(name));
  if (option?.range) return new NumberOutOfRangeError(name, value, option.range);
  if (option?.argChoices) return new WordNotAllowedError(name, value, option.argChoices);
  return error;
}

/**
 * The options of a run, as far as they can be judged without a file or a question.
 * @throws ConnectorError for a value that is not allowed, and for what cannot be meant together
 */
export function readOptions(given: Given, plugin: string): Options {
  const values = readValues(given);
  if (values.runondc === 'y' || values.runondc === 'yes') throw new CannotRunOnApplianceError();
  refuseContradictions(given);
  refuseSharedFiles(given);
  if (values.server !== undefined) parseServers(values.server, values);
  // What is said on the command line outweighs the environment.
  const password = given.has('passwordfile') ? undefined : values.password;
  // Of what has neither a value nor a default, commander makes no key.
  return { ...values, password, plugin } as Options;
}

function refuseContradictions(given: Given): void {
  for (const option of OPTIONS) {
    if (!given.has(option.name())) continue;
    for (const [other, why] of option.excluded) {
      if (given.has(other)) throw new ContradictoryOptionsError(option.name(), other, why);
    }
  }
}

/** A file that is read or written for two purposes would be destroyed. */
function refuseSharedFiles(given: Given): void {
  const owners = new Map<string, string>();
  for (const option of OPTIONS.filter(({ completes }) => completes === 'file')) {
    const name = option.name();
    const value = given.get(name);
    if (value === undefined) continue;
    const path = resolve(String(value));
    const owner = owners.get(path);
    if (owner !== undefined && !path.startsWith('/dev/')) {
      throw new ContradictoryOptionsError(owner, name, 'they name the same file');
    }
    owners.set(path, name);
  }
}
